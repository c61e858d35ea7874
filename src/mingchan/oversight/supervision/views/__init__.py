"""Pages of supervision (监督页面)."""
