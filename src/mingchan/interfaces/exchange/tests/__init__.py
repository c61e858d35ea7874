"""Tests of the exchange: files in, files out."""
