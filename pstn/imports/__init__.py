"""Numbers from a file: what its columns mean, what each row asks for, the check before, the import itself.

`columns` knows the header, `rows` reads one row, `staging` puts rows beside the inventory, `judging`
compares the two, `report` says what was found, `kind` makes a background job of it, `tasks` runs the check.
What changes numbers is in pstn/workflow: `file_rows` writes, `file_changes` knows what a row may change.
"""
