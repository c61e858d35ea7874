"""Workbooks in and out (数据交换)."""
