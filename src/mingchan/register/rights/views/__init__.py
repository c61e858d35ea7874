"""Pages of rights (确权页面)."""
