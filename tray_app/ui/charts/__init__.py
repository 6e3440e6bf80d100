"""Charts; numpy and pyqtgraph are loaded when the first one has something to draw."""
