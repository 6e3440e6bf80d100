"""Macro series, the stress index, headlines and the Federal Reserve's documents in the store."""
