"""Tray and windows: the only folder that imports Qt."""
