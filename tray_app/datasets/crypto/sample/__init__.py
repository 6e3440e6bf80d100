"""What the sample server answers for the hosts of the crypto market."""
