"""Pages of project money (资金页面)."""
