"""Pages of depreciation (折旧页面)."""
