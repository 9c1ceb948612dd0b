"""Paths of the pages; they lie beside this folder, not below it."""

from pathlib import Path

_PAGES = Path(__file__).parent.parent / "pages"
CREATE = _PAGES / "create.py"
TASKS = _PAGES / "tasks.py"
LEDGER = _PAGES / "ledger.py"
COMPARE = _PAGES / "compare.py"
GUIDE = _PAGES / "guide.py"
SETTINGS = _PAGES / "settings.py"
SHARED = _PAGES / "shared.py"
# query parameters: a shared link's token; a task alone, and a batch, by ids; the tasks to compare, by commas
SHARE = "share"
TASK = "task"
BATCH = "batch"
COMPARED = "tasks"


def at(url_path: str) -> Path:
    """Path of the page at this address; the first page's address is empty."""
    return _PAGES / f"{url_path or CREATE.stem}.py"
