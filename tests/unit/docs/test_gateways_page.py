"""docs/gateways.md quotes the product: an operator who searches for a card's sentence finds its row."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "gateways.md").read_text()
GAP = "…"
QUOTED = [
    found
    for line in PAGE.splitlines()
    if line.startswith("|")
    for found in re.findall(r"(?<!\*)\*([^*|]+)\*(?!\*)", line)
]


def _text(node: ast.AST) -> str | None:
    """A text of the program, with a gap for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{[^{}]*\}", GAP, node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or GAP for part in node.values)
    return None


@cache
def _texts() -> str:
    """All texts of the product, a line each."""
    files = (path for room in ("kling", "studio", "components") for path in (ROOT / room).rglob("*.py"))
    nodes = (node for path in files for node in ast.walk(ast.parse(path.read_text())))
    return "\n".join(" ".join(text.split()) for node in nodes if (text := _text(node)))


def _parts(sentence: str) -> list[str]:
    """The pieces between what is filled in, each within one sentence."""
    plain = re.sub(r"\(HTTP \d+\)", "", sentence)
    pieces = re.split(r"…|(?<=[.?]) |(?<=[.?])$", plain)
    return [piece.strip(" .()") for piece in pieces if len(piece.strip(" .()")) > 2]


@pytest.mark.parametrize("sentence", QUOTED)
def test_every_sentence_of_the_page_stands_in_the_product(sentence: str) -> None:
    """Word for word."""
    missing = [part for part in _parts(sentence) if part not in _texts()]
    assert not missing


def test_the_page_quotes_something_of_every_kind() -> None:
    """The test above is not one of nothing."""
    assert len(QUOTED) > 50
