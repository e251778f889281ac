"""The list of numbers behind its page: what its address asks for, how that is found, counted and painted."""
