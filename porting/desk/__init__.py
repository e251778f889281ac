"""What support staff see around port orders in Django admin."""
