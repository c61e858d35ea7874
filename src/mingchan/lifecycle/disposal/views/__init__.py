"""Pages of disposal (处置页面)."""
