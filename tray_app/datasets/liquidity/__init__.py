"""US liquidity: macro series, prices and the stress index of them."""
