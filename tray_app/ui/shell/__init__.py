"""The program around the windows: start, window, welcome, end."""
