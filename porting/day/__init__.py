"""The day on which numbers come: what is prepared for it, what is checked, tried and followed up."""
