"""The measurements of `make bench`: ratios against a limit taken in the same run, never a verdict."""
