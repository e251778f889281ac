"""Commands of the whole house; those of one app live there."""
