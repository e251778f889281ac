"""The harness of `make bench` itself: its arithmetic, its table, its data. Nothing here measures time."""
