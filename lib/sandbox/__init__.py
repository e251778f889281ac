"""Opening untrusted documents in a child process with little means.

`run.py` is the side of the house; `child.py`, `png.py` and `pdf.py` run in the child and import neither
Django nor anything else of ours but `limits.py`.
"""
