"""Settings and services that all sessions of this process share, made once and closed with the app."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from studio.errors import StudioError
from studio.settings import VARIABLES, Settings, read_settings

if TYPE_CHECKING:
    from studio.services import Services


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """Return the deployment's settings.

    Raises:
        SettingsProblem: a setting is unusable; the way to correct it is in the error.
    """
    # Secrets win: Streamlit writes all but the bare true and false of them over the environment anyway.
    return read_settings({name: os.environ[name] for name in VARIABLES if name in os.environ} | _secrets())


@st.cache_resource(show_spinner=False, on_release=lambda services: services.close())
def services() -> Services:
    """Return the one set of services.

    Raises:
        StudioError: a setting or what it names is unusable; the way to correct it is in the error.
    """
    from studio.services import build  # noqa: PLC0415 — a second of imports: the server answers before them

    try:
        return build(settings())
    except StudioError:
        settings.clear()  # corrected, they are read without a new start of the app
        raise


def close_services() -> None:
    """End what `services` started, if it did."""
    services.clear()
    settings.clear()


def _secrets() -> dict[str, str]:
    try:
        return {name: str(st.secrets[name]) for name in VARIABLES if name in st.secrets}
    except StreamlitSecretNotFoundError:
        return {}
