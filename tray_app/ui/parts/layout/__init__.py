"""Where widgets lie."""
