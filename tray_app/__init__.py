"""Market Tray: collects daily market data by itself, keeps it in one file, draws and exports it."""

__version__ = "0.1.0"
