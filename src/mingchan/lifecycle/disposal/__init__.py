"""Disposal (处置)."""
