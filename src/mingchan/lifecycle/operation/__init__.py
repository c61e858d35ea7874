"""Operation (经营)."""
