"""The keys that this process has in hand, found again by a fingerprint that tells nothing of the key."""

from __future__ import annotations

import hashlib
import hmac
import threading
from typing import TYPE_CHECKING

from studio.far_end import FarEnd

if TYPE_CHECKING:
    from kling import KlingClient
    from studio.entries import Entry


class Keyring:
    """Thread-safe. In memory only: what is forgotten, or lost with the process, must be brought again."""

    def __init__(self, secret: bytes) -> None:
        """Without any key.

        Args:
            secret: the deployment's, the same in all its processes; fingerprints are made with it.
        """
        self._secret = secret
        self._clients: dict[tuple[str, str], KlingClient] = {}
        self._lock = threading.Lock()

    def fingerprint(self, api_key: str) -> str:
        """HMAC-SHA256 in hex: names the key in the journal, and cannot be turned back or tried out."""
        return hmac.new(self._secret, api_key.encode(), hashlib.sha256).hexdigest()

    def remember(self, far_end: FarEnd) -> str:
        """Takes a key in hand; its fingerprint.

        Raises:
            KeyProblem, SettingsProblem: the key or the address cannot be used.
        """
        fingerprint = self.fingerprint(far_end.api_key)
        with self._lock:
            if (far_end.journal_name, fingerprint) not in self._clients:
                self._clients[far_end.journal_name, fingerprint] = far_end.connect()
        return fingerprint

    def forget(self, far_end: FarEnd) -> None:
        """Gives a key out of hand; its tasks wait until it is brought again."""
        with self._lock:
            client = self._clients.pop((far_end.journal_name, self.fingerprint(far_end.api_key)), None)
        if client is not None:
            client.close()

    def connect(self, entry: Entry) -> KlingClient | None:
        """A client with the entry's own key; None: it is not at hand."""
        with self._lock:
            return self._clients.get((entry.far_end, entry.key_fingerprint))

    def close(self) -> None:
        """Gives all connections back."""
        with self._lock:
            clients, self._clients = self._clients, {}
        for client in clients.values():
            client.close()
