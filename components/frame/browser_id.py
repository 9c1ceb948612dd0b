"""Who is here: an unguessable id that the browser keeps for itself, in its local storage and in no URL.

The page never waits for it. A session begins with an id of its own and offers that to the browser, which
answers with the one that it keeps. The answer is part of the page's state, so a page that comes back after
the server's death brings it along with its first message.
"""

import streamlit as st

from components import session
from components.frame import draft_autosave
from components.runtime import services
from studio.owners import is_recognised

_JS = """
const HANDS = ["pointerdown", "click", "keydown"];
let answered = null;
// Streamlit sends an answer from the page that is shown, and lets it end a run that has not heard its click:
// just after a hand it would take back another page's link, or swallow a button.
function whenQuiet(act, patience_ms) {
  const latest = Date.now() + patience_ms;
  let timer = setTimeout(done, navigator.userActivation?.isActive ? 1000 : 0);
  function again() {
    clearTimeout(timer);
    timer = setTimeout(done, Math.min(1000, latest - Date.now()));
  }
  function done() {
    for (const hand of HANDS) removeEventListener(hand, again, true);
    act();
  }
  for (const hand of HANDS) addEventListener(hand, again, true);
}
export default function ({ data, setStateValue }) {
  if (answered === data.offer) return;
  answered = data.offer;
  try {
    if (localStorage.getItem("motion-studio-id") === null) {
      localStorage.setItem("motion-studio-id", data.offer);
    }
    const id = localStorage.getItem("motion-studio-id");
    // a new browser's answer tells nothing new; for an old one a draft and tasks are waiting
    whenQuiet(() => setStateValue("id", id), id === data.offer ? Infinity : 3000);
  } catch {
    // a browser that stores nothing is met as a new one each time
  }
}
"""
_WIDGET = "browser-id"

_ask = st.components.v2.component("motion_studio_browser_id", js=_JS)


def show() -> None:
    """Asks the browser, invisibly; to be called before the page's own widgets."""
    own = session.current()
    answer = _ask(
        key=_WIDGET, data={"offer": own.owner}, width="content", height="content", on_id_change=_nothing
    )
    known = answer.get("id")
    if is_recognised(known, own.owner, services().tasks.has_tasks):
        draft_autosave.become(known)


def _nothing() -> None:
    """The page runs again by itself; the answer is read above."""
