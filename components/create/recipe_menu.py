"""The draft as a file: downloaded, opened, or taken along as scripts."""

import re
from functools import partial
from pathlib import PurePath
from typing import NoReturn

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from components import session, uploads
from components.foreign_text import markdown
from components.frame import draft_autosave
from components.problem_box import show_problem
from components.runtime import services
from components.session import Session
from studio.errors import StudioError
from studio.pictures.picture_limit import check_pictures_held
from studio.recipes.export_files import drawing_files
from studio.recipes.recipe_file import EXTENSION, MAX_RECIPE_BYTES, dump_recipe, load_recipe
from studio.recipes.script_export import scripts_zip
from studio.request.compose import compose
from studio.request.draft import Draft
from studio.request.external_ids import without_external_id


def show(draft: Draft) -> None:
    """Show the menu; files are made only when they are asked for."""
    current = session.current()
    with st.popover("Recipe", icon=":material/receipt_long:", width="stretch"):
        st.caption("Picture, painting and all choices in one file.")
        st.download_button(
            "Download recipe",
            partial(dump_recipe, draft),
            file_name=f"{_stem(draft)}.{EXTENSION}",
            mime="application/zip",
            icon=":material/download:",
            width="stretch",
            on_click="ignore",
        )
        _open()
        if current.set_aside is not None:
            st.button(
                "Bring back the draft before",
                icon=":material/undo:",
                width="stretch",
                on_click=draft_autosave.bring_back,
            )
        st.download_button(
            "Download as script",
            partial(_scripts, draft, services().settings.base_url),
            file_name=f"{_stem(draft)}-scripts.zip",
            mime="application/zip",
            icon=":material/terminal:",
            width="stretch",
            disabled=draft.picture is None,
            help="This very request for curl and Python, to run without this app. Your key is not in it.",
            on_click="ignore",
        )


def _open() -> None:
    current = session.current()
    file = st.file_uploader(
        "Open a recipe",
        type=EXTENSION,
        max_upload_size=MAX_RECIPE_BYTES // 1_000_000,
        key=f"recipe-{current.recipes_opened}",
    )
    if file is not None:  # not in a callback, which is lost when a newer run ends its own
        _take_up(current, file)
    if current.recipe_problem is not None:
        show_problem(current.recipe_problem)


def _take_up(current: Session, file: UploadedFile) -> NoReturn:
    """Take up the chosen recipe; the field is made anew, so that the file does not stay in memory."""
    settings = services().settings
    try:
        check_pictures_held(session.pictures_held(current.owner), settings.pictures_per_person)
        recipe = load_recipe(file.getvalue())
    except StudioError as problem:
        current.recipe_problem = problem
    else:
        current.recipe_problem = None
        draft_autosave.replace_with(
            current, without_external_id(recipe.draft) if recipe.task else recipe.draft
        )
    current.recipes_opened += 1
    uploads.give_back(file)
    if current.recipe_problem is None:
        st.toast(
            markdown(_greeting(recipe.task.task_id if recipe.task else None)), icon=":material/receipt_long:"
        )
    st.rerun()


def _greeting(task_id: str | None) -> str:
    return f"Opened a copy of task {task_id}." if task_id else "Opened the recipe."


def _scripts(draft: Draft, base_url: str) -> bytes:
    request = compose(draft).request
    return scripts_zip(request, base_url, drawing_files(draft, request))


def _stem(draft: Draft) -> str:
    """Stem of the files' names: the picture's, without signs that a file system refuses."""
    source = draft.picture.source if draft.picture else None
    return re.sub(r"[^\w-]+", "-", PurePath(source.name).stem)[:40].strip("-") if source else "motion"
