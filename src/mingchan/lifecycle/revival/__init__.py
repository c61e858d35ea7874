"""Idle assets, what is done about them, and what came of it (盘活)."""
