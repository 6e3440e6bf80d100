"""How windows ask: work off the UI thread, a typed result on it."""
