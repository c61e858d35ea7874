"""Distribution (收益分配)."""
