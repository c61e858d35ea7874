"""Disclosure (公示公开)."""
