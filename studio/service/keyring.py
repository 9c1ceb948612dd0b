"""The keys that this process has, found again by a fingerprint that tells nothing of the key."""

from __future__ import annotations

import hashlib
import hmac
import threading
import weakref
from typing import TYPE_CHECKING

from studio.service.endpoint import ServiceEndpoint

if TYPE_CHECKING:
    from kling import KlingClient
    from studio.journal.entry import Entry


class Keyring:
    """Thread-safe, and in memory only.

    A key that a person typed is at hand for as long as the client that `remember` returned is held: it lives
    and ends with that person's session (reliability.md, "Keys and people").
    """

    def __init__(self, secret: bytes) -> None:
        """Without any key.

        Args:
            secret: the deployment's, the same in all its processes; fingerprints are made with it.
        """
        self._secret = secret
        self._clients: weakref.WeakValueDictionary[tuple[str, str], KlingClient] = (
            weakref.WeakValueDictionary()
        )
        self._held_for_good: set[KlingClient] = set()
        self._lock = threading.Lock()

    def fingerprint(self, api_key: str) -> str:
        """HMAC-SHA256 in hex: names the key in the journal, and cannot be turned back or tried out."""
        return hmac.new(self._secret, api_key.encode(), hashlib.sha256).hexdigest()

    def remember(self, endpoint: ServiceEndpoint, *, for_good: bool = False) -> KlingClient:
        """Put a key on the ring, while the returned client is held somewhere, or for good.

        Raises:
            KeyProblem, SettingsProblem: the key or the address cannot be used.
        """
        name = endpoint.journal_name, self.fingerprint(endpoint.api_key)
        with self._lock:
            client = self._clients.get(name)
            if client is None:
                client = self._clients[name] = endpoint.connect()
            if for_good:
                self._held_for_good.add(client)
            return client

    def holds(self, endpoint: ServiceEndpoint) -> bool:
        """Whether this key is on the ring."""
        return (endpoint.journal_name, self.fingerprint(endpoint.api_key)) in self._clients

    def connect(self, entry: Entry) -> KlingClient | None:
        """A client with the entry's own key; None: it is not on the ring."""
        return self._clients.get((entry.service, entry.key_fingerprint))

    def close(self) -> None:
        """Give all connections back."""
        with self._lock:
            clients = list(self._clients.values())
            self._held_for_good.clear()
        for client in clients:
            client.close()
