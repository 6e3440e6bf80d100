"""Collecting macro series and prices, and computing the index."""
