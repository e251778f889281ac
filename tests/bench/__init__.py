"""The measurements of `make bench`: ratios against limits and peers of the same run, and the table of them."""
