"""Where a browser finds the app's own routes, by which it plays kept videos off the disk."""

from pathlib import Path
from urllib.parse import urlsplit

_COMMUNITY_CLOUD = ".streamlit.app"


def address_root(page_url: str | None, page: Path) -> str | None:
    """The address below which the app's own routes are, without a slash at its end.

    None without a browser, and on Community Cloud, of which nobody knows whether it lets such routes through.

    Args:
        page_url: the address of the page that is shown.
        page: its path.
    """
    if page_url is None or (urlsplit(page_url).hostname or "").endswith(_COMMUNITY_CLOUD):
        return None
    return page_url.removesuffix("/").removesuffix(f"/{page.stem}")
