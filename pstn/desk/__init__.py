"""The case desk (Django admin) for requests: where support writes to customers and makes offers."""
