"""Small windows that are read, answered and closed, for more than one page."""
