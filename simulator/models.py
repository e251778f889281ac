"""Placeholder until the simulator's records are written."""
