"""Collecting the Korea Exchange, session by session."""
