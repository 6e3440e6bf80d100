"""What the exchange means and what must hold of it; pure."""
