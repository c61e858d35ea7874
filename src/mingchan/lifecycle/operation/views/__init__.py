"""Pages of operation (经营页面)."""
