"""Whether Windows is set to ask a script (PAC) for the proxy; elsewhere it never is."""

from tray_app.windows.registry import user_registry

KEY = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
NAME = "AutoConfigURL"


def proxy_script() -> str:
    """Return the address of the script; nothing where there is none."""
    registry = user_registry()
    found = registry.read(KEY, NAME) if registry else None
    return found if isinstance(found, str) else ""
