"""Pages without a browser: Streamlit's AppTest on the real script, with the simulator in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.runtime import close_services

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def services_that_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test whose page starts the services has them to itself, in its own folder, and leaves none."""
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    yield
    close_services()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The app on its first page, without a key."""
    monkeypatch.setenv("SIMULATOR_TASK_S", "0")
    monkeypatch.delenv("COMETAPI_KEY", raising=False)
    monkeypatch.delenv("COMETAPI_BASE_URL", raising=False)
    return AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30).run()
