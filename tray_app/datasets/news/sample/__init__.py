"""What the sample server answers for feeds and the Fed."""
