"""Whether the taskbar is light: a setting of its own, apart from the brightness of windows."""

from tray_app.windows.registry import Registry

THEME_KEY = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
VALUE = "SystemUsesLightTheme"


def taskbar_is_light(registry: Registry | None) -> bool | None:
    """Return whether the taskbar is light; nothing where the system does not say."""
    value = None if registry is None else registry.read(THEME_KEY, VALUE)
    return None if value is None else bool(value)
