"""The simulator's controls: how long its tasks take, and failures on purpose."""

import streamlit as st

from components.foreign_text import markdown
from components.problem_box import show_problem
from studio.errors import StudioError
from studio.service.endpoint import ServiceEndpoint
from studio.service.simulator_control import (
    FAILURES,
    Failure,
    SimulatorControl,
    SimulatorPace,
    SimulatorState,
    control_of,
)


def show(endpoint: ServiceEndpoint) -> None:
    """Show the panel; nothing when the service is no simulator that can be controlled."""
    control = control_of(endpoint)
    if control is None:
        return
    try:
        state = control.read_state()
        if state:
            _show(control, state)
    except StudioError as problem:
        show_problem(problem)


def _show(control: SimulatorControl, state: SimulatorState) -> None:
    st.subheader("The simulator")
    st.caption("What is chosen here holds for everyone who uses this simulator.")
    _show_pace(control, state)
    _show_failures(control)
    _show_more_failures(control, state)
    _show_models(control)
    _show_waiting(control, state)


def _show_pace(control: SimulatorControl, state: SimulatorState) -> None:
    paces = list(SimulatorPace)
    chosen = st.radio(
        "How long a new task takes",
        paces,
        index=None if state.pace is None else paces.index(state.pace),
        format_func=lambda pace: pace.label,
        captions=[f"About {state.quick_s:g} seconds, longer when the rendering does", "As on CometAPI"],
        key=f"pace-{state.pace}",  # a new widget when the simulator was set from elsewhere
    )
    if chosen is not None and chosen is not state.pace:
        control.set_pace(chosen)
        st.rerun()


def _show_failures(control: SimulatorControl) -> None:
    with st.form("failure", border=False):
        failure: Failure = st.radio(
            "Show a failure",
            FAILURES,
            format_func=lambda failure: failure.label,
            captions=[failure.outcome for failure in FAILURES],
        )
        if st.form_submit_button("Trigger it once", icon=":material/bolt:"):
            control.arm(failure)
            st.rerun()


def _show_more_failures(control: SimulatorControl, state: SimulatorState) -> None:
    chosen: Failure | None = st.selectbox(
        "Show an odd answer",
        state.more_failures,
        index=None,
        format_func=lambda failure: failure.label,
        placeholder="Answers that relays are reported to give",
    )
    if chosen is not None:
        st.caption(markdown(chosen.outcome))
        if st.button("Answer so once", icon=":material/bolt:"):
            control.arm(chosen)
            st.rerun()


def _show_models(control: SimulatorControl) -> None:
    with st.expander("What its list of models has"):
        rows = st.text_area(
            "Rows (JSON)", placeholder='[{"id": "kling-v3", "pricing": {"per_request": 0.42}}]'
        )
        both = st.container(horizontal=True)
        if both.button("List these rows"):
            control.list_models(rows)
        if both.button("List its own rows"):
            control.list_models(None)


def _show_waiting(control: SimulatorControl, state: SimulatorState) -> None:
    if not state.armed_faults:
        st.info("Nothing will go wrong.", icon=":material/check_circle:")
        return
    st.warning(f"Waiting to happen, once each: {len(state.armed_faults)}", icon=":material/bolt:")
    for fault in state.armed_faults:
        row = st.container(horizontal=True, vertical_alignment="center")
        row.text(fault.label)
        if row.button("Remove", key=f"fault-{fault.fault_id}", icon=":material/close:"):
            control.disarm(fault.fault_id)
            st.rerun()
    if st.button("Back to normal", icon=":material/restart_alt:"):
        control.disarm()
        st.rerun()
