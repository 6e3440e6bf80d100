"""What counts as an address of the web."""

from urllib.parse import urlsplit


def is_web_address(text: str) -> bool:
    """Whether this is a whole address of http or https that holds no blanks, control characters or credentials."""
    if not text.isprintable() or any(letter.isspace() for letter in text):
        return False
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
