"""Long texts cut to what a line shows."""

import pytest

from studio.short_text import shortened


@pytest.mark.parametrize(
    ("text", "shown"), [("", ""), ("a cat", "a cat"), ("a cats", "a cat …"), ("a ca  t", "a ca …")]
)
def test_a_text_is_cut_only_where_it_is_longer(text: str, shown: str) -> None:
    """And ends without a blank before the ellipsis' own."""
    assert shortened(text, 5) == shown
