"""Complaints (群众反映)."""
