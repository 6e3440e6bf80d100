"""One file per upstream: ask, check, return typed rows. The only folder that speaks HTTP."""
