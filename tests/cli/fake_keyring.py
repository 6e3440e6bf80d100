"""A credential store in one file, for child processes: PYTHON_KEYRING_BACKEND names it."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend


class Kept(KeyringBackend):
    """Keeps secrets in the file that FAKE_KEYRING names; one that says `broken` fails at every call."""

    priority = 1

    def _all(self) -> dict[str, str]:
        path = Path(os.environ["FAKE_KEYRING"])
        if not path.exists():
            return {}
        text = path.read_text(encoding="utf-8")
        if text == "broken":
            raise RuntimeError("the store is locked")
        kept: dict[str, str] = json.loads(text)
        return kept

    def _keep(self, kept: dict[str, str]) -> None:
        Path(os.environ["FAKE_KEYRING"]).write_text(json.dumps(kept), encoding="utf-8")

    def get_password(self, service: str, username: str) -> str | None:
        return self._all().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._keep({**self._all(), f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        self._keep({name: secret for name, secret in self._all().items() if name != f"{service}/{username}"})
