"""What a label of a row tells a person."""

from PySide6.QtWidgets import QLabel


def said(label: QLabel) -> str:
    """Return what a label says; nothing while it is hidden."""
    return "" if label.isHidden() else label.text()
