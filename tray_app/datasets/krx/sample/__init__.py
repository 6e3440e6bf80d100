"""What the sample server answers for the Korea Exchange."""
