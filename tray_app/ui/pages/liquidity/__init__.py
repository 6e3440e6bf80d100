"""The page Liquidity."""
