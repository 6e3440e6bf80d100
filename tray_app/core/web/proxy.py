"""What may stand where a proxy's address is expected."""

from urllib.parse import urlsplit

from tray_app.core.errors import BadInput
from tray_app.core.words import tr

_SCRIPT_ENDINGS = (".pac", ".dat", ".js", "/pac", "/wpad")
_SCRIPT_SCHEMES = ("pac", "file")


def refuse_script(address: str) -> None:
    """Raise BadInput when this is the address of a script that names a proxy (PAC), and not of a proxy."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return
    scheme = parts.scheme.partition("+")[0].lower() if "://" in address else ""
    if scheme not in _SCRIPT_SCHEMES and not parts.path.lower().endswith(_SCRIPT_ENDINGS):
        return
    raise BadInput(
        tr("A proxy script (PAC) cannot be used"),
        tr(
            "{name} is a script that names a proxy (PAC); such scripts are not run.", name=parts.path.rpartition("/")[2]
        ),
        tr("Write the address of the proxy itself, like http://proxy.example:8080, under Settings."),
    )
