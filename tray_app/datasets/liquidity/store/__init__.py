"""Tables of series and index: how they are written."""
