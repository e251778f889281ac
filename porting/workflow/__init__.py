"""What moves in porting: one module for each thing that has a state."""
