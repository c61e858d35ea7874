"""Rows of the table of addresses, a module for each context that has its own."""
