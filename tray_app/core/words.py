"""Texts for people."""


def tr(text: str, /, **values: object) -> str:
    """Return the text in the user's language with its {named} values filled in.

    English until the Korean catalogue arrives; named places let a translation reorder them.
    """
    return text.format(**values) if values else text


def N_(text: str, /) -> str:  # noqa: N802 - the name by which catalogues of texts find it
    """Return a text as it is; tr translates it when it is shown."""
    return text
