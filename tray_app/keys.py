"""Secrets: from the environment, else from the system's credential store. Never printed, never written to a file."""

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from tray_app.core.errors import BadInput, NoCredentialStore
from tray_app.core.words import N_, tr

logger = logging.getLogger(__name__)

SERVICE = "market-tray"
ASK_AGAIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Key:
    """A secret that has a use; its texts are in English, and {url} in help is where to get it.

    is_needed: some data cannot be had without it. wanted: what a newcomer who lacks it is told. sample: what the sample
    server takes for it.
    """

    name: str
    title: str
    help: str
    url: str
    placeholder: str = N_("Paste the key")
    is_needed: bool = False
    wanted: str = ""
    sample: str = ""


NOTIFICATION_URLS = Key(
    "NOTIFICATION_URLS",
    N_("Notification targets"),
    N_('Slack, e-mail and <a href="{url}">others</a>, as addresses like slack://... or mailto://...'),
    "https://github.com/caronc/apprise/wiki",
    N_("Paste one or more addresses, separated by spaces"),
)


class KeyPlace(StrEnum):
    """Where a secret was found."""

    ENVIRONMENT = "environment"
    CREDENTIAL_STORE = "credential store"
    NOWHERE = "not set"


@dataclass(frozen=True, slots=True)
class KeyState:
    """Whether a secret is set, and where; never the secret."""

    name: str
    place: KeyPlace


class CredentialStore(Protocol):
    """What keyring offers."""

    def get_password(self, service: str, name: str) -> str | None:
        """Return a secret."""

    def set_password(self, service: str, name: str, secret: str) -> None:
        """Keep a secret."""

    def delete_password(self, service: str, name: str) -> None:
        """Forget a secret."""


@dataclass(frozen=True, slots=True)
class _Answer:
    secret: str | None = field(repr=False)
    at: float


class Keys:
    """Reads and keeps secrets; handed_out holds every one this process has held, and grows.

    A store that had none is asked again only after a while: each asking takes time.
    """

    def __init__(self, environment: Mapping[str, str], store: CredentialStore, names: Iterable[str]) -> None:
        self._environment = environment
        self._store = store
        self.names = tuple(names)
        self._answers: dict[str, _Answer] = {}
        self.handed_out: set[str] = set()
        for name in self.names:
            self._remember(self._given(name))

    def get(self, name: str) -> str | None:
        """Return a secret; a credential store that does not work counts as empty."""
        return self._given(name) or self._stored(name)

    def state(self, name: str) -> KeyState:
        """Return where a secret is set."""
        if self._given(name):
            return KeyState(name, KeyPlace.ENVIRONMENT)
        return KeyState(name, KeyPlace.CREDENTIAL_STORE if self._stored(name) else KeyPlace.NOWHERE)

    def states(self) -> tuple[KeyState, ...]:
        """Return where every secret is set."""
        return tuple(self.state(name) for name in self.names)

    def known_name(self, text: str) -> str:
        """Return the secret's name; BadInput lists the known ones."""
        if text.upper() in self.names:
            return text.upper()
        raise BadInput(
            tr("Unknown key"),
            tr("{text} is not a key that Market Tray uses.", text=text),
            tr("Known keys: {names}.", names=", ".join(self.names)),
        )

    def keep(self, name: str, secret: str) -> None:
        """Keep a secret in the credential store; NoCredentialStore when there is none."""
        if not secret.strip():
            raise BadInput(tr("The key is empty"), tr("No key was entered."), tr("Paste the key and press Enter."))
        self._remember(secret.strip())
        self._answers.pop(name, None)
        try:
            self._store.set_password(SERVICE, name, secret.strip())
        except Exception as error:
            # keyring's backends raise errors of many libraries; all mean the same here. The cause may quote the
            # secret, so it is not kept.
            logger.warning("credential store refused %s: %s", name, type(error).__name__)
            raise NoCredentialStore(name) from None

    def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is no error."""
        if not self._stored(name):
            return
        self._answers.pop(name, None)
        try:
            self._store.delete_password(SERVICE, name)
        except Exception as error:
            logger.warning("credential store refused to delete %s: %s", name, type(error).__name__)
            raise NoCredentialStore(name) from None

    def renew(self) -> None:
        """Ask the credential store anew for what it was asked for before; what is known counts until it answers."""
        for name in tuple(self._answers):
            self._answers[name] = _Answer(self._ask(name), time.monotonic())

    def known_secrets(self) -> tuple[str, ...]:
        """Return every secret this process has held, so that texts can be cleaned of them; asks no store."""
        return tuple(self.handed_out)

    def _stored(self, name: str) -> str | None:
        known = self._answers.get(name)
        if known is not None and (known.secret or time.monotonic() - known.at < ASK_AGAIN_SECONDS):
            return known.secret
        secret = self._ask(name)
        self._answers[name] = _Answer(secret, time.monotonic())
        return secret

    def _ask(self, name: str) -> str | None:
        try:
            secret = self._store.get_password(SERVICE, name)
        except Exception as error:
            logger.debug("no credential store: %s", type(error).__name__)
            return None
        self._remember(secret)
        return secret

    def _given(self, name: str) -> str | None:
        return self._environment.get(name, "").strip() or None

    def _remember(self, secret: str | None) -> None:
        # Notification targets are several addresses in one secret; each may stand in a text alone.
        self.handed_out.update([secret, *secret.split()] if secret else [])


class NoStore:
    """A credential store that is always empty, for the demo's throw-away home."""

    def get_password(self, service: str, name: str) -> str | None:
        """Return nothing."""

    def set_password(self, service: str, name: str, secret: str) -> None:  # noqa: ARG002
        """Refuse."""
        raise NoCredentialStore(name)

    def delete_password(self, service: str, name: str) -> None:
        """Do nothing: nothing is kept."""


class SystemStore:
    """The operating system's credential store through keyring, loaded when first asked."""

    def get_password(self, service: str, name: str) -> str | None:
        """Return a secret."""
        return _keyring().get_password(service, name)

    def set_password(self, service: str, name: str, secret: str) -> None:
        """Keep a secret."""
        _keyring().set_password(service, name, secret)

    def delete_password(self, service: str, name: str) -> None:
        """Forget a secret."""
        _keyring().delete_password(service, name)


def _keyring() -> CredentialStore:
    from keyring import get_keyring  # noqa: PLC0415 - 20 MB, needed by few

    return get_keyring()
