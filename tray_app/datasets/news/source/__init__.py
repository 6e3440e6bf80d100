"""Asking feeds and the Fed."""
