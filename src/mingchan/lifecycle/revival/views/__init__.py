"""Pages of revival (盘活页面)."""
