"""What is loaded into the process for everybody: nothing that few people need."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.running_app import ROOT

VISIT = """
import sys
from streamlit.testing.v1 import AppTest

app = AppTest.from_file({main!r}, default_timeout=60).run()
app.button(key="picture-raccoon.jpg").click().run()
next(button for button in app.button if button.label == "Review and send").click().run()
assert not app.exception
print(*sorted({{"pandas", "pyarrow"}} & set(sys.modules)))
"""


def test_painting_loads_no_tables(tmp_path: Path) -> None:
    """Pandas and Arrow take 70 MB; Streamlit loads them for any dictionary or list handed to a component."""
    script = VISIT.format(main=str(ROOT / "components" / "main.py"))
    env = {**os.environ, "STUDIO_DATA_DIR": str(tmp_path), "COMETAPI_KEY": "", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == ""
