"""How the simulator behaves: how long its tasks take, and what goes wrong on purpose."""

import streamlit as st

from components.problem_box import show_problem
from studio.errors import StudioError
from studio.service.endpoint import ServiceEndpoint
from studio.service.simulator_control import (
    FAILURES,
    Failure,
    SimulatorControl,
    SimulatorPace,
    Standing,
    control_of,
)


def show(endpoint: ServiceEndpoint) -> None:
    """The panel; nothing when the far end is no simulator that can be controlled."""
    control = control_of(endpoint)
    if control is None:
        return
    try:
        standing = control.standing()
        if standing:
            _show(control, standing)
    except StudioError as problem:
        show_problem(problem)


def _show(control: SimulatorControl, standing: Standing) -> None:
    st.subheader("The simulator")
    st.caption("What is chosen here holds for everyone who uses this simulator.")
    _show_pace(control, standing)
    _show_failures(control)
    _show_waiting(control, standing)


def _show_pace(control: SimulatorControl, standing: Standing) -> None:
    paces = list(SimulatorPace)
    chosen = st.radio(
        "How long a new task takes",
        paces,
        index=None if standing.pace is None else paces.index(standing.pace),
        format_func=lambda pace: pace.label,
        captions=[f"About {standing.quick_s:g} seconds, longer when the rendering does", "As on CometAPI"],
        key=f"pace-{standing.pace}",  # a new widget when the simulator was set from elsewhere
    )
    if chosen is not None and chosen is not standing.pace:
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
        if st.form_submit_button("Let it happen once", icon=":material/bolt:"):
            control.arm(failure)
            st.rerun()


def _show_waiting(control: SimulatorControl, standing: Standing) -> None:
    if not standing.waiting:
        st.info("Nothing will go wrong.", icon=":material/check_circle:")
        return
    st.warning(f"Waiting to happen, once each: {len(standing.waiting)}", icon=":material/bolt:")
    for waiting in standing.waiting:
        row = st.container(horizontal=True, vertical_alignment="center")
        row.write(waiting.label)
        if row.button("Take away", key=f"fault-{waiting.fault_id}", icon=":material/close:"):
            control.disarm(waiting.fault_id)
            st.rerun()
    if st.button("Back to normal", icon=":material/restart_alt:"):
        control.disarm()
        st.rerun()
