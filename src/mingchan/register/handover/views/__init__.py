"""Pages of handover lists (移交页面)."""
