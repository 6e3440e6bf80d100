"""The page Instruments."""
