"""A request that a relay finds too heavy: the card says its size, and one click makes it lighter."""

import pytest
import requests
from streamlit.testing.v1 import AppTest

from components.runtime import services
from studio.drawing.model import Layer
from tests.ui.test_create_page import draw, path, region, sample
from tests.ui.test_model_gone import press, wait_for_button


def test_a_refused_heavy_request_leads_to_a_lighter_copy_with_the_drawing_kept(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pictures become JPEGs; what is drawn goes along."""
    monkeypatch.setattr("studio.tasks.error_messages.HEAVY_BYTES", 1)
    end = services().endpoint()
    fault = {"on": "create", "kind": "create_shape", "shape": "heavy_cannot_parse"}
    key = {"Authorization": f"Bearer {end.api_key}"}
    requests.post(f"{end.base_url}/_control/faults", json=fault, headers=key, timeout=10).raise_for_status()
    draw(sample(app), region(Layer.MOTION_1), path(Layer.MOTION_1))
    drawn = app.session_state["studio"].drawing
    press(press(app, "Review and send"), "Send to Simulator")
    wait_for_button(app, "Edit a lighter copy")
    assert "MB, which is likely too much" in " ".join(box.value for box in app.error)
    press(app, "Edit a lighter copy")
    app.switch_page("../pages/create.py").run()
    shown = app.session_state["studio"].shown
    assert shown.picture.source.wire_bytes.startswith(b"\xff\xd8")
    assert shown.drawing.strokes == drawn.strokes
