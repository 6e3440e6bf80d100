"""Cards, tiles, gauges and what they show."""
