"""The kinds of background jobs: what each may do to which numbers, and how it is done in slices."""
