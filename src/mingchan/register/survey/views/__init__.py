"""Pages of the survey (调查页面)."""
