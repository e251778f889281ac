"""Pages of port orders: HTTP in, one verb or one form, HTTP out."""
