"""Pages of sites (站点页面)."""
