"""`manage.py up` starts everything."""
