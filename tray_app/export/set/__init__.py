"""A set as a folder: its manifest and guide, put in its place, proven, compared with another."""
