"""Owners of drafts and tasks: a signed-in person, or the unguessable id that a browser keeps.

What a browser made without a login stays the browser's. A shared computer would otherwise hand one person's
work to whoever signs in next.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Collection
from typing import TypeGuard

from studio.errors import StudioError

_BROWSER = re.compile(r"[A-Za-z0-9_-]{32}")
# the colon is in no browser's id, so that no browser can claim to be a login, or what the database knows
_LOGIN = "login:"
_BROWSER_ON_RECORD = "browser:"


class LoginProblem(StudioError):
    """A sign-in does not say who somebody is."""


def new_browser_owner() -> str:
    """An owner that nobody can guess: 192 random bits."""
    return secrets.token_urlsafe(24)


def is_browser_owner(owner: object) -> TypeGuard[str]:
    """Whether this may be an id that a browser keeps; it comes from outside and may be anything."""
    return isinstance(owner, str) and _BROWSER.fullmatch(owner) is not None


def owner_on_record(owner: str) -> str:
    """An owner as the database may know it: of an id that lets in whoever has it, the hash alone.

    The same again for what is on record already.
    """
    if not is_browser_owner(owner):
        return owner
    return _BROWSER_ON_RECORD + hashlib.sha256(owner.encode()).hexdigest()


def login_owner(issuer: object, subject: object) -> str:
    """The owner for an OIDC login, which issuer and subject together name for good; mail addresses change.

    Args:
        issuer: the `iss` of the id token.
        subject: its `sub`.

    Raises:
        LoginProblem: the token has not both.
    """
    if not (isinstance(issuer, str) and issuer and isinstance(subject, str) and subject):
        raise LoginProblem(
            "The sign-in did not say who you are.",
            "The provider's token names no issuer or no subject.",
            "Sign out and in again. If that does not help, its OpenID Connect settings need a look.",
        )
    return _LOGIN + hashlib.sha256(f"{len(issuer)} {issuer}{subject}".encode()).hexdigest()


def is_login_owner(owner: str) -> bool:
    """Whether this owner is somebody signed in."""
    return owner.startswith(_LOGIN)


def is_left_behind(session_owner: str, signed_in: str | None) -> bool:
    """Whether a session still holds the work of a login that is not here any more: nothing of it may stay.

    Args:
        session_owner: whose work the session holds.
        signed_in: the owner of the login that is here; None: nobody is signed in.
    """
    return is_login_owner(session_owner) and session_owner != signed_in


def is_recognised(told: object, session_owner: str, has_tasks: Callable[[str], bool]) -> TypeGuard[str]:
    """Whether a session goes over to the id that its browser keeps.

    Not once the session has tasks under an id of its own: its person keeps them in sight.

    Args:
        told: what the browser answered; may be anything.
        session_owner: the owner until now.
        has_tasks: whether an owner has any task; asked only where it decides.
    """
    return is_browser_owner(told) and told != session_owner and not has_tasks(session_owner)


def is_operator(operators: Collection[str], email: object, email_verified: object) -> bool:
    """Whether a login is one of the deployment's operators: by an address that its provider has verified.

    Args:
        operators: their e-mail addresses, case-folded.
        email: the `email` of the id token.
        email_verified: its `email_verified`; some providers write it as text.
    """
    is_verified = email_verified is True or email_verified == "true"
    return is_verified and isinstance(email, str) and email.casefold() in operators
