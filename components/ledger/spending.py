"""Spending: the sum of a period, a chart by day, tables by model, key and person, and a CSV."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import streamlit as st

from components import session
from components.foreign_text import markdown
from components.runtime import services
from kling.prices import PRICES_AS_OF
from studio.journal.key_colours import key_colours
from studio.journal.ledger import LedgerLine, charged_words, merged, total
from studio.journal.ledger_csv import ledger_csv, person_mark
from studio.journal.spending_cap import day_start
from studio.owners import is_operator, owner_on_record

_PERIODS = {"7 days": 7, "30 days": 30, "90 days": 90}
_MINE, _EVERYBODYS = "Mine", "Everybody's"
_DOT = (
    "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='24' height='24'>"
    "<circle cx='12' cy='12' r='9' fill='{}'/><circle cx='12' cy='12' r='4.5' fill='{}'/></svg>"
)


def show() -> None:
    """Show what was spent in the chosen period; everybody's for an operator alone."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        period = st.segmented_control("Period", list(_PERIODS), default="30 days", required=True)
        is_everybodys = _is_operator() and _choose_whose() == _EVERYBODYS
    since = day_start(datetime.now(UTC)) - timedelta(days=_PERIODS[period or "30 days"] - 1)
    owner = None if is_everybodys else session.current().owner
    lines = services().ledger.lines(owner, since)
    if not lines:
        st.info("Nothing was sent in this time.", icon=":material/receipt_long:")
        return
    _show_sum(total(lines))
    _show_chart(lines, since)
    _show_tables(lines, with_people=is_everybodys)
    st.download_button(
        "CSV",
        ledger_csv(lines),
        file_name="ledger.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _is_operator() -> bool:
    user = st.user
    if not getattr(user, "is_logged_in", False):
        return False
    return is_operator(services().settings.operators, user.get("email"), user.get("email_verified"))


def _choose_whose() -> str:
    return st.segmented_control("Whose", (_MINE, _EVERYBODYS), default=_MINE, required=True) or _MINE


def _show_sum(spent: LedgerLine) -> None:
    with st.container(horizontal=True):
        st.metric("Estimated", f"{spent.estimated_usd:.2f} USD", width="content")
        st.metric("Videos", spent.tasks, width="content")
        st.metric("Failed, free", spent.free, width="content")
        if spent.simulated:
            st.metric("Simulated", spent.simulated, width="content")
    st.caption(f"By the list prices of {PRICES_AS_OF}; a day is UTC's.")
    if spent.charged:
        st.caption(f"Charged, as the service says: {markdown(charged_words(spent.charged))}.")
    if spent.unpriced:
        st.caption(f"{spent.unpriced} without a known price are in no sum.")


def _show_chart(lines: Sequence[LedgerLine], since: datetime) -> None:
    """Show the estimates by day, every day of the period in its place."""
    paid = [line for line in lines if line.estimated_usd]
    if not paid:
        return
    days = [since.date() + timedelta(days=n) for n in range((datetime.now(UTC) - since).days + 1)]
    models = sorted({line.model_name for line in paid})
    by_day = {(line.day, line.model_name): 0.0 for line in paid}
    for line in paid:
        by_day[line.day, line.model_name] += float(line.estimated_usd)
    values = {model: [by_day.get((day, model), 0.0) for day in days] for model in models}
    st.bar_chart({"day": days, **values}, x="day", y=models, x_label="", y_label="USD", height=220)


def _show_tables(lines: Sequence[LedgerLine], *, with_people: bool) -> None:
    kinds: dict[str, Callable[[LedgerLine], object]] = {
        "By model": lambda line: line.model_name,
        "By key": lambda line: line.key_fingerprint,
    }
    if with_people:
        kinds["By person"] = lambda line: line.person
    for tab, (kind, key) in zip(st.tabs(list(kinds)), kinds.items(), strict=True):
        with tab:
            _show_table(merged(lines, key), kind)


def _show_table(lines: Sequence[LedgerLine], first: str) -> None:
    """Show sums as a table, the dearest first; its cells are no Markdown."""
    ordered = sorted(lines, key=lambda line: (-line.estimated_usd, -line.tasks, -line.simulated))
    st.dataframe(
        [_FIRST[first](line) | _figures(line) for line in ordered],
        hide_index=True,
        column_config={
            "Key": st.column_config.ImageColumn("Key", width="small"),
            "Estimated (USD)": st.column_config.NumberColumn(format="%.2f"),
        },
    )


def _figures(line: LedgerLine) -> dict[str, object]:
    return {
        "Estimated (USD)": float(line.estimated_usd),
        "Videos": line.tasks,
        "Failed, free": line.free,
        "Simulated": line.simulated,
        "Charged": charged_words(line.charged),
    }


def _model(line: LedgerLine) -> dict[str, object]:
    return {"Model": line.model_name or "Not named"}


def _key(line: LedgerLine) -> dict[str, object]:
    """The key by its colours, and whether it is one that this session knows."""
    if not line.key_fingerprint:
        return {"Key": "", "Whose": "Simulator"}
    mark = _DOT.format(*(quote(colour) for colour in key_colours(line.key_fingerprint)))
    return {"Key": mark, "Whose": _known_keys().get(line.key_fingerprint, "Typed by a person")}


def _known_keys() -> dict[str, str]:
    """Words for the keys of this session, by fingerprint."""
    keys = ((services().settings.api_key, "This app's"), (session.current().api_key, "Typed here, in use"))
    return {services().keyring.fingerprint(key): words for key, words in keys if key}


def _person(line: LedgerLine) -> dict[str, object]:
    is_own = line.person == owner_on_record(session.current().owner)
    return {"Person": f"{person_mark(line.person)}{' (you)' if is_own else ''}"}


_FIRST: dict[str, Callable[[LedgerLine], dict[str, object]]] = {
    "By model": _model,
    "By key": _key,
    "By person": _person,
}
