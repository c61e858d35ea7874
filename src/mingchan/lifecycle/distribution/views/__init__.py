"""Pages of distribution (收益分配页面)."""
