"""What people read and receive about numbers that another carrier asks for."""
