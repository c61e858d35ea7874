"""Pages of performance (绩效页面)."""
