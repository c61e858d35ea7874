"""Files made of the list (导出): a plain workbook, a text table, and the county's own ledger form."""
