"""Pages of the register (资产页面)."""
