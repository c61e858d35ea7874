"""Pages of inspections and repairs (巡查维修页面)."""
