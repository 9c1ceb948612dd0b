"""Download a kept video as another kind of file."""

from functools import partial

import streamlit as st

from components.films import kept_film, making
from components.films.kept_film import KeptFilm
from components.films.making import Product
from studio.films.exports import (
    MAX_LENGTH_S,
    WIDTHS_PX,
    MovingKind,
    MovingPicture,
    Stretch,
    write_contact_sheet,
    write_last_frame,
    write_moving_picture,
)
from studio.tasks.task_view import TaskView

_GIF, _WEBP, _SHEET, _LAST = "GIF", "WebP", "Contact sheet", "Last frame"
_MOVING = {_GIF: MovingKind.GIF, _WEBP: MovingKind.WEBP}
DEFAULT_WIDTH_PX = 480


def show(view: TaskView) -> None:
    """Show the popover on a task with a kept video; the file is opened once the popover is."""
    if view.kept_video is None:
        return
    place = f"export-{view.entry.entry_id}"
    popover = st.popover("Download as …", icon=":material/download:", key=place, on_change="rerun")
    popover.caption("GIF and WebP are made to fit into 8 MB.")
    if popover.open:
        with popover:
            film = kept_film.open_film(view)
            if film is not None:
                _kinds(film, f"motion-{view.entry.task_id}", place)


def _kinds(film: KeptFilm, stem: str, place: str) -> None:
    kind = st.selectbox("Kind of file", [_GIF, _WEBP, _SHEET, _LAST], key=f"{place}-kind")
    if kind in _MOVING:
        making.show(_moving(film, stem, kind, place), place)
    elif kind == _SHEET:
        making.show(_sheet(film, stem, place), place)
    else:
        making.show(_last_frame(film, stem), place)


def _moving(film: KeptFilm, stem: str, kind: str, place: str) -> Product:
    stretch = _stretch(film, place)
    width_px = st.select_slider(
        "Width", WIDTHS_PX, DEFAULT_WIDTH_PX, format_func=lambda px: f"{px} px", key=f"{place}-width"
    )
    wanted = MovingPicture(kind=_MOVING[kind], stretch=stretch, width_px=width_px)
    settings = f"{stretch.from_s:.2f}-{stretch.to_s:.2f}-{width_px}"
    return Product(
        name=f"{film.sha256}-{settings}.{wanted.kind}",
        label=kind,
        file_name=f"{stem}.{wanted.kind}",
        mime=f"image/{wanted.kind}",
        make=partial(write_moving_picture, film.path, wanted),
    )


def _stretch(film: KeptFilm, place: str) -> Stretch:
    """The chosen seconds: at most as long as a moving picture may be, at least a frame."""
    length_s = max(film.info.duration_s, 0.1)
    from_s, to_s = st.slider(
        "From and to, in seconds",
        0.0,
        length_s,
        (0.0, min(length_s, MAX_LENGTH_S)),
        0.1,
        format="%.1f",
        key=f"{place}-stretch",
    )
    return Stretch(from_s=from_s, to_s=min(max(to_s, from_s + 0.1), from_s + MAX_LENGTH_S))


def _sheet(film: KeptFilm, stem: str, place: str) -> Product:
    kind = st.radio("Saved as", ["PNG", "JPEG"], horizontal=True, key=f"{place}-sheet")
    ending, mime = ("png", "image/png") if kind == "PNG" else ("jpg", "image/jpeg")
    return Product(
        name=f"{film.sha256}-sheet.{ending}",
        label="contact sheet",
        file_name=f"{stem}-sheet.{ending}",
        mime=mime,
        make=partial(write_contact_sheet, film.path, is_png=kind == "PNG"),
    )


def _last_frame(film: KeptFilm, stem: str) -> Product:
    return Product(
        name=f"{film.sha256}-last.png",
        label="last frame",
        file_name=f"{stem}-last.png",
        mime="image/png",
        make=partial(write_last_frame, film.path),
    )
