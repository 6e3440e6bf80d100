"""The threads: ticker, worker, readers; facade.py is all a client may call."""
