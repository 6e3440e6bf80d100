"""The only folder with HTTP."""
