"""Texts for people."""


def tr(text: str, /, **values: object) -> str:
    """Return the text in the user's language with its {named} values filled in.

    English until the Korean catalogue arrives; named places let a translation reorder them.
    """
    return text.format(**values) if values else text
