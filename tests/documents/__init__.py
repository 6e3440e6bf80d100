"""Tests of the documents: what they say is what is there."""
