"""What all sessions of this process share, made once and closed with the app."""

import os

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from studio.bootstrap import Services, build
from studio.settings import NAMES, read_settings


@st.cache_resource(show_spinner=False, on_release=lambda services: services.close())
def services() -> Services:
    """The one set of services.

    Raises:
        StudioError: a setting is unusable; what to do is in it.
    """
    # Secrets win: Streamlit writes all but the bare true and false of them over the environment anyway.
    return build(read_settings({name: os.environ[name] for name in NAMES if name in os.environ} | _secrets()))


def close_services() -> None:
    """Ends what `services` started, if it did."""
    services.clear()


def _secrets() -> dict[str, str]:
    try:
        return {name: str(st.secrets[name]) for name in NAMES if name in st.secrets}
    except StreamlitSecretNotFoundError:
        return {}
