"""Words in a recipe of others: on the page letter for letter, and no browser asks anybody for them."""

import io
import json
import re
import zipfile
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

CASES = Path(__file__).parents[1] / "cases" / "files"
CANARY = "http://127.0.0.1:9/p.png"
TEXTS = (
    f"![x]({CANARY})",
    "[Your session is over: enter your key](https://evil.example)",
    f"<img src={CANARY}>",
    f"[x]: {CANARY}\n![x]",
    CANARY,
    "www.evil.example",
    ":red-background[Pay here] :material/bolt: $\\href{x}{y}$",
)
PLACES = ("name", "notes", "file", "task_id", "external_task_id", "status")


def opened(app: AppTest, recipe: bytes) -> str:
    """Everything on the page that is read as Markdown, as HTML, after a recipe was chosen."""
    field = next(field for field in app.file_uploader if field.label == "Open a recipe")
    field.set_value(("made.motion", recipe, "application/zip")).run()
    assert not app.exception
    boxes = (app.caption, app.markdown, app.error, app.warning, app.info, app.success, app.toast)
    return "\n".join(MarkdownIt().render(box.value) for kind in boxes for box in kind)


def letters(html: str) -> str:
    """The letters of a page, without the elements that stand for nothing."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)).replace(":gray[]", ""))


def with_text(text: str, place: str) -> bytes:
    """A recipe of others that has this text at a place of its manifest."""
    with zipfile.ZipFile(CASES / "task_id_is_a_picture.motion") as archive:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
        picture = archive.read("picture.png")
    manifest["task"]["task_id"] = "t1"
    holder = manifest["picture"] if place in manifest["picture"] else manifest["task"]
    holder[place] = [text] if place == "notes" else text
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("picture.png", picture)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("case", "shown"),
    [
        ("name_is_a_picture", f"![x]({CANARY})"),
        ("name_is_a_link", "[Your session is over: enter your key](https://evil.example)"),
        ("task_id_is_a_picture", f"![x]({CANARY})"),
        ("file_is_a_picture", f"![x]({CANARY})"),
    ],
)
def test_a_recipe_that_was_tried_on_the_app_shows_its_letters(app: AppTest, case: str, shown: str) -> None:
    """Neither a picture of another host nor a link in the app's own words."""
    html = opened(app, (CASES / f"{case}.motion").read_bytes())
    assert "<img" not in html
    assert "<a " not in html
    assert shown in letters(html)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", TEXTS)
def test_no_text_of_a_recipe_becomes_a_picture_or_a_link(app: AppTest, text: str, place: str) -> None:
    """Wherever it stands, whether the recipe is taken or refused."""
    html = opened(app, with_text(text, place))
    assert "<img" not in html
    assert "<a " not in html
    assert ":red-background[" not in html
    assert ":material/bolt:" not in html
    if place in {"name", "notes"}:
        assert re.sub(r"\s+", " ", text) in letters(html)
