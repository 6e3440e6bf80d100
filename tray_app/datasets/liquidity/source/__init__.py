"""Asking FRED and Yahoo."""
