"""The lives of connections, numbers, orders and terms: one function a verb; nothing else assigns a state."""
