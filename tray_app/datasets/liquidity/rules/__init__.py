"""The stress index and what its inputs must be; pure."""
