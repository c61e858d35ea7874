"""工作步骤: The plan's four stages with dates, offices and outputs computed from the data."""
