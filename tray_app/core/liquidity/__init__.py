"""Liquidity stress: which series are collected, and the index made of them."""
