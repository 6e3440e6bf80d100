"""Tables of stories and documents: how they are written."""
