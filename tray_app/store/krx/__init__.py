"""Writing and reading the Korea Exchange tables."""
