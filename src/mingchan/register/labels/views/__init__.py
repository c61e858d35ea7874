"""Pages of labels (标签页面)."""
