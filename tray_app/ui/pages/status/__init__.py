"""The page Status."""
