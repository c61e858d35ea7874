"""Reads the cells of an office workbook safely: sniffed, measured, and parsed in a child process with limits."""
