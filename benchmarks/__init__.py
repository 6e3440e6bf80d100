"""Measurements: what it costs, against what a user would do instead."""
