"""Keeping secrets out of texts."""

from collections.abc import Iterable
from urllib.parse import quote

STRUCK_OUT = "***"
# A shorter one is no key, and as a number or a word it may rightly stand in data.
SHORTEST_IN_DATA = 8


def struck_out(text: str, secrets: Iterable[str]) -> str:
    """Return the text with every secret replaced, longest first: one may be the beginning of another."""
    for form in _forms(secrets):
        text = text.replace(form, STRUCK_OUT)
    return text


def long_enough(secrets: Iterable[str]) -> list[str]:
    """Return the secrets that may be struck out of what is still to be read."""
    return [secret for secret in secrets if len(secret) >= SHORTEST_IN_DATA]


def struck_out_of_body(body: bytes, secrets: Iterable[str]) -> bytes:
    """Return a body with every key replaced, before anything quotes or cuts it."""
    for form in _forms(long_enough(secrets)):
        body = body.replace(form.encode(), STRUCK_OUT.encode())
    return body


def _forms(secrets: Iterable[str]) -> list[str]:
    """Return the secrets as they may be written: plain, in an address, in JSON, in a page."""
    forms = {
        form
        for secret in secrets
        for form in (secret, quote(secret, safe=""), secret.replace("/", "\\/"), secret.replace("&", "&amp;"))
    }
    return sorted(filter(None, forms), key=len, reverse=True)
