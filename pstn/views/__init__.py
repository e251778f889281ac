"""What people see of locations, numbers and orders; one noun a file."""
