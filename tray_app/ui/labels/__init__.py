"""The words, numbers and times that more than one window shows."""
