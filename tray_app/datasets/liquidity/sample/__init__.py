"""What the sample server answers for FRED and Yahoo."""
