"""Pages of disclosure (公示页面)."""
