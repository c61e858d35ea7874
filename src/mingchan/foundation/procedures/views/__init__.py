"""Pages of procedures (审批页面)."""
