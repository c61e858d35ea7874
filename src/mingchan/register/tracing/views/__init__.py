"""Pages of tracing (追溯页面)."""
