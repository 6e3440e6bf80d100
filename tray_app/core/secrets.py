"""Keeping secrets out of texts."""

from collections.abc import Iterable

STRUCK_OUT = "***"


def struck_out(text: str, secrets: Iterable[str]) -> str:
    """Return the text with every secret replaced, longest first: one may be the beginning of another."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, STRUCK_OUT)
    return text
