"""Forms of the port wizard, one for each step; the order panel shows single fields of them."""
