"""Colours, sizes and icons: the one place that knows how things look."""
