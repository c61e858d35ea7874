"""Performance (绩效)."""
