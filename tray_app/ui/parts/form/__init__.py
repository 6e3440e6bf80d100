"""What is clicked, chosen and typed."""
