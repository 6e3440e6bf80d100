"""Windows' own calls (registry, shell, app id), each with a no-op twin elsewhere."""
