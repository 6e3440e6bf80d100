"""The page Crypto."""
