"""Rules that question what the exchange sent."""
