"""Coins, the crypto market and its mood."""
