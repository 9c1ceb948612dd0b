"""A small OpenID provider on loopback: everybody who comes is signed in at once, as the one it was told."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from simulator.embedded import serve

CLIENT_ID = "motion-studio"


@dataclass(kw_only=True)
class Provider:
    """Where it is, and whom it signs in next."""

    url: str = ""
    subject: str = "ada"
    name: str = "Ada Lovelace"
    _nonces: dict[str, str] = field(default_factory=dict)
    _key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))

    def secrets(self, folder: Path) -> Path:
        """A secrets.toml for the app, which fills in its own port."""
        file = folder / "secrets.toml"
        file.write_text(
            "[auth]\n"
            'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
            f'cookie_secret = "{"c" * 32}"\n'
            f'client_id = "{CLIENT_ID}"\n'
            f'client_secret = "{"s" * 32}"\n'
            f'server_metadata_url = "{self.url}/.well-known/openid-configuration"\n'
        )
        return file

    async def describe(self, _request: Request) -> JSONResponse:
        """Where its other addresses are."""
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def keys(self, _request: Request) -> JSONResponse:
        """What its tokens are checked with."""
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> RedirectResponse:
        """Asks nobody anything, and sends the browser back with a code."""
        asked = request.query_params
        code = f"code-{len(self._nonces)}"
        self._nonces[code] = asked.get("nonce", "")
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", status_code=302)

    async def token(self, request: Request) -> JSONResponse:
        """The signed token for a code, once."""
        form = await request.form()
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "name": self.name,
            "nonce": self._nonces.pop(str(form["code"])),
            "iat": now,
            "exp": now + 600,
        }
        header = {"alg": "RS256", "kid": self._key.kid}
        signed = jwt.encode(header, claims, self._key)
        return JSONResponse(
            {"access_token": "opaque", "token_type": "Bearer", "id_token": signed, "expires_in": 600}
        )


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Serves one on a free port."""
    provider = Provider()
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", provider.describe),
            Route("/keys", provider.keys),
            Route("/authorize", provider.authorize),
            Route("/token", provider.token, methods=["POST"]),
        ]
    )
    running = serve(app, api_key="")
    provider.url = running.base_url
    try:
        yield provider
    finally:
        running.stop()
