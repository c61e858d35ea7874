"""Depreciation (折旧): what is charged on assets month by month, in each book."""
