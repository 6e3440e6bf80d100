"""Tables of the Korea Exchange: how they are written."""
