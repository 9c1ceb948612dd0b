"""Where a browser finds the app's own routes, from the page that it shows."""

import pytest

from components import page_paths
from components.video_addresses import address_root


@pytest.mark.parametrize(
    ("page_url", "root"),
    [
        ("http://127.0.0.1:8501/tasks", "http://127.0.0.1:8501"),
        ("https://studio.example.org/tasks/", "https://studio.example.org"),
        ("https://example.org/studio/tasks", "https://example.org/studio"),
        ("https://example.org/my-tasks/tasks", "https://example.org/my-tasks"),
        ("https://mine.streamlit.app/~/+/tasks", None),
        (None, None),
    ],
)
def test_the_routes_are_beside_the_pages(page_url: str | None, root: str | None) -> None:
    """Also below a base path; without an address, or where routes may not be let through, there is none."""
    assert address_root(page_url, page_paths.TASKS) == root
