"""The guide's page."""

from streamlit.testing.v1 import AppTest

from components import layer_colours
from studio.guide.carrier_examples import CARRIER_EXAMPLES, render_carrier
from studio.guide.examples import EXAMPLES


def test_the_guide_names_every_example_and_says_what_the_service_does(app: AppTest) -> None:
    """Words from the same data as the moving pictures (see tests/e2e/test_guide.py)."""
    app.switch_page("../pages/guide.py").run()
    assert not app.exception
    said = " ".join(text.value for text in app.markdown)
    assert all(f"**{example.title}**" in said for example in EXAMPLES)
    assert "kling-v1 (std, pro) and kling-v1-5 (pro)" in said
    assert "kling-v2-5-turbo, kling-v2-6 and kling-v3" in said


def test_the_guide_first_shows_one_drawing_sent_in_each_of_the_three_ways(app: AppTest) -> None:
    """Two move, one with its last frame beside it; the third stands still, with its very sentences."""
    app.switch_page("../pages/guide.py").run()
    assert not app.exception
    said = [text.value for text in app.markdown if text.value.startswith("**")]
    assert said[0].startswith("**Paint once, direct any model.**")
    assert [text.split("  \n")[0] for text in said[1:4]] == [
        "**Motion brush** · kling-v1 (retired in September 2026)",
        "**Last frame** · kling-v3 (living)",
        "**Words** · kling-v2-master (retired in September 2026)",
    ]
    assert "stands still" in said[3]
    pictures = [picture.proto.imgs[0].alt for picture in app.get("image")]
    assert pictures == ["The last frame as it is sent", "The picture, which stands still"]
    assert [text.value for text in app.text] == [
        render_carrier(CARRIER_EXAMPLES[2], layer_colours.RGB).sentences
    ]
