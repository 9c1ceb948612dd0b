"""A file of a kept video: made at the press of a button, watched while it is made, then downloaded."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from components.foreign_text import markdown
from components.problem_box import show_problem
from components.runtime import services
from studio.errors import StudioError
from studio.films.workshop import Job, Tell

LOOK_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Product:
    """A file that may be made."""

    # equal only for equal files, with the ending: it is made once
    name: str
    # on its button: "GIF"
    label: str
    # as it is called when it is downloaded
    file_name: str
    mime: str
    make: Callable[[Path, Tell], str]


def show(product: Product, place: str) -> None:
    """Show the button that makes it, then how far it is, then the download.

    Args:
        product: the file.
        place: where it is shown, for its widgets' names.
    """
    job = services().films.job(product.name)
    period = LOOK_S if job is not None and job.is_running else None
    st.fragment(_state, run_every=period)(product, place, is_watching=period is not None)


def _state(product: Product, place: str, *, is_watching: bool) -> None:
    job = services().films.job(product.name)
    is_running = job is not None and job.is_running
    if is_running != is_watching:
        st.rerun()  # a full run draws this with its timer, or without
    if job is not None and job.is_running:
        st.progress(job.share, f"Making the {product.label} …")
    elif job is not None and job.path is not None:
        _made(product, job, job.path, place)
    else:
        _offer(product, job, place)


def _offer(product: Product, job: Job | None, place: str) -> None:
    if job is not None and job.problem is not None:
        show_problem(job.problem)
    st.button(
        f"Make the {product.label}",
        icon=":material/movie_edit:",
        key=f"{place}-make",
        on_click=_order,
        args=(product,),
    )


def _made(product: Product, job: Job, path: Path, place: str) -> None:
    st.caption(markdown(job.words))
    st.download_button(
        f"Download the {product.label}",
        path.read_bytes,  # read when it is asked for
        file_name=product.file_name,
        mime=product.mime,
        icon=":material/download:",
        key=f"{place}-download",
        on_click="ignore",
    )


def _order(product: Product) -> None:
    try:
        services().films.order(product.name, product.make)
    except StudioError as problem:
        st.toast(markdown(str(problem)), icon=":material/error:")
