"""Pages of the books (账簿页面)."""
