"""A row in every table of a context, a module for each."""
