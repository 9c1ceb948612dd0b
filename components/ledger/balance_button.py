"""The balance of a key of one's own: asked at the press of a button only, never for the deployment's key."""

import streamlit as st

from components import session
from components.problem_box import show_problem
from components.runtime import services
from studio.errors import StudioError
from studio.service.balance import Balance, ask_balance


def show() -> None:
    """Show the button and, after its press, the answer; nothing without a typed key."""
    api_key = session.current().api_key
    if not api_key:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        is_asked = st.button("Ask for my balance", icon=":material/account_balance_wallet:")
        st.caption("For the key that you typed. It goes to CometAPI in the address of this one request.")
    if is_asked:
        _ask(api_key)


def _ask(api_key: str) -> None:
    try:
        with st.spinner("Asking CometAPI; this costs nothing …"):
            balance = ask_balance(services().settings.base_url, api_key)
    except StudioError as problem:
        show_problem(problem)
    else:
        st.info(_words(balance), icon=":material/account_balance_wallet:")


def _words(balance: Balance) -> str:
    used = f", {balance.used:.2f} used so far" if balance.used is not None else ""
    return f"**{balance.left:.2f} left**{used}, as CometAPI says (in USD)."
