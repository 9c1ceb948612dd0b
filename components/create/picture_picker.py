"""Choose a picture: an upload, a sample photograph, or a public URL."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from components import session, uploads
from components.foreign_text import markdown
from components.problem_box import show_problem
from components.runtime import settings
from studio.errors import StudioError
from studio.pictures.picture_limit import check_pictures_held
from studio.pictures.picture_url import UrlProblem, check_picture_url
from studio.pictures.samples import SAMPLES, Sample, load_sample
from studio.pictures.source_image import read_image
from studio.pictures.upload_checks import MAX_UPLOAD_BYTES
from studio.pictures.url_import import fetch_image
from studio.request.draft import Picture

MAX_UPLOAD_MB = MAX_UPLOAD_BYTES // 1024**2


def show(slot: str, label: str, *, samples: bool) -> Picture | None:
    """Show the ways to give a picture for a slot ("picture", "tail"); returns the one chosen."""
    upload, url = st.tabs(["Upload", "Public URL"])
    with upload:
        _upload(slot, label)
    with url:
        _url(slot, label)
    current = session.current()
    if problem := current.picture_problems.get(slot):
        show_problem(problem)
    if samples:
        _samples(slot)
    return current.pictures.get(slot)


def chosen(slot: str) -> None:
    """Show one line on the chosen picture and the changes made to it, and the button for another."""
    picture = session.current().pictures[slot]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(markdown(_describe(picture)), width="stretch")
        st.button(
            "Change picture", key=f"{slot}-change", icon=":material/swap_horiz:", on_click=_drop, args=(slot,)
        )


def _describe(picture: Picture) -> str:
    if picture.source is None:
        return f"{picture.url} — the service fetches it itself, so its size cannot be checked here."
    source = picture.source
    changes = f" · {', '.join(source.notes)}" if source.notes else ""
    return f"{source.name} · {source.width_px} × {source.height_px}{changes}"


def _upload(slot: str, label: str) -> None:
    current = session.current()
    file: UploadedFile | None = st.file_uploader(
        label,
        type=None,  # a file is known by its content: names end in .jfif, .jpe or nothing at all
        help="JPG, PNG, WEBP, HEIC or AVIF.",
        max_upload_size=MAX_UPLOAD_MB,
        key=f"{slot}-upload",
        on_change=_forget_problem,
        args=(slot,),
    )
    if file is None or current.seen_uploads.get(slot) == file.file_id:
        return
    line = st.empty()

    def read() -> Picture:
        return Picture(source=read_image(file.getvalue(), file.name, _place_shown(line)))

    with st.spinner("Reading the picture …"):
        _take(current, slot, read, file)


def _url(slot: str, label: str) -> None:
    current = session.current()
    url = st.text_input(
        f"{label}: its address", key=f"{slot}-url", placeholder="https://…", persist_state="session"
    )
    with st.container(horizontal=True):
        st.button(
            "Load it to paint on it", key=f"{slot}-load", disabled=not url, on_click=_load, args=(slot,)
        )
        st.button(
            "Pass the address on as it is",
            key=f"{slot}-pass",
            disabled=not url,
            help="The service fetches the picture itself. It cannot be painted on or checked here.",
            on_click=_pass_on,
            args=(slot,),
        )
    if wanted := current.to_load.get(slot):
        line = st.empty()
        with st.spinner("Loading the picture …"):
            _take(
                current,
                slot,
                lambda: Picture(
                    source=fetch_image(wanted, tell_place=_place_shown(line), contact=settings().public_url)
                ),
            )


def _place_shown(line: DeltaGenerator) -> Callable[[int], None]:
    def show_place(place: int) -> None:
        line.caption(f"Place {place} in line: other pictures are read first.")

    return show_place


def _load(slot: str) -> None:
    """Record the wish only; a run that is ended before it loads the picture leaves that to the next."""
    current, url = session.current(), _address(slot)
    current.to_load[slot] = url


def _pass_on(slot: str) -> None:
    current, url = session.current(), _address(slot)
    try:
        current.take_picture(slot, Picture(url=check_picture_url(url)))
    except UrlProblem as problem:
        current.picture_problems[slot] = problem


def _address(slot: str) -> str:
    """Text of the address field now: the run that drew the button may have known an older one."""
    return (session.get(f"{slot}-url") or "").strip()


def _samples(slot: str) -> None:
    st.caption("Or take a photograph that is here:")
    for column, sample in zip(st.columns(len(SAMPLES)), SAMPLES, strict=True):
        with column:
            # Above its picture: one that is loaded only now would push a button away from under the hand.
            st.button(
                sample.title,
                key=f"{slot}-{sample.name}",
                width="stretch",
                on_click=take_sample,
                args=(slot, sample),
            )
            st.image(load_sample(sample).display_jpeg(400, 300), alt=sample.title, width="stretch")


def take_sample(slot: str, sample: Sample) -> None:
    """Put a sample photograph into a slot; for a callback."""
    session.current().take_picture(slot, Picture(source=load_sample(sample)))


def _take(
    current: session.Session, slot: str, make: Callable[[], Picture], file: UploadedFile | None = None
) -> None:
    """Put a picture into its slot before this run can end: a click while it is read would end it."""
    upload = file.file_id if file else ""
    try:
        check_pictures_held(session.pictures_held(current.owner), settings().pictures_per_person)
        current.take_picture(slot, make())
    except StudioError as problem:
        current.picture_problems[slot] = problem
    except Exception:  # an error of ours: it is shown once, and the next run goes on without the file
        _forget(current, slot, upload)
        raise
    _forget(current, slot, upload)
    if file and slot in current.pictures:
        uploads.give_back(file)
    st.rerun()


def _forget(current: session.Session, slot: str, upload: str) -> None:
    current.seen_uploads[slot] = upload or current.seen_uploads.get(slot, "")
    current.to_load.pop(slot, None)


def _drop(slot: str) -> None:
    session.current().pictures.pop(slot, None)


def _forget_problem(slot: str) -> None:
    session.current().picture_problems.pop(slot, None)
