"""Addresses, proxies, and the secrets that no text may show."""
