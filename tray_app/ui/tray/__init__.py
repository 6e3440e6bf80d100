"""The icon beside the clock."""
