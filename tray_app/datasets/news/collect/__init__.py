"""Collecting headlines and documents."""
