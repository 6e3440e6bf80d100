"""The heat map: its cells, their places, the map."""
