"""Asking the Korea Exchange."""
