"""What people fill in about locations, connections, numbers and orders; one noun a file."""
