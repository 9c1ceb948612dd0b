"""SECURITY.md promises nothing without a test."""

import re

import pytest

from tests.support.running_app import ROOT

PAGE = (ROOT / "SECURITY.md").read_text("utf-8")
PROMISES = re.findall(r"^\| (?!promise|---)(.+?) \| (.+) \|$", PAGE, re.MULTILINE)
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def test_every_promise_names_a_test() -> None:
    """In its row of the table."""
    assert len(PROMISES) > 10
    assert [promise for promise, tests in PROMISES if "::test_" not in tests] == []


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_the_test_of_a_promise_is_there(file: str, name: str) -> None:
    """Under the name that the page gives."""
    assert f"def {name}(" in (ROOT / file).read_text("utf-8")
