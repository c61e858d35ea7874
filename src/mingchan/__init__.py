"""Mingchan (明产): a county's public assets, kept clear."""

VERSION = "0.1.0"
