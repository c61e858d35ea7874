"""Income (收益)."""
