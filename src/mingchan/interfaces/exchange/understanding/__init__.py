"""Understands a county's untidy tables: heads, units, ditto marks, totals, amounts, dates and sources."""
