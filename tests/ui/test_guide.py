"""The guide's page."""

from streamlit.testing.v1 import AppTest

from studio.guide.examples import EXAMPLES


def test_the_guide_shows_every_example_moving_with_its_words(app: AppTest) -> None:
    """Each a looping, silent video; and what the service does."""
    app.switch_page("../pages/guide.py").run()
    assert not app.exception
    videos = [video.proto for video in app.get("video")]
    assert len(videos) == len(EXAMPLES)
    assert all(video.loop and video.autoplay and video.muted for video in videos)
    said = " ".join(text.value for text in app.markdown)
    assert all(f"**{example.title}**" in said for example in EXAMPLES)
    assert "kling-v1 (std, pro) and kling-v1-5 (pro)" in said
    assert "kling-v2-5-turbo, kling-v2-6 and kling-v3" in said
    assert "Paint once, direct any model" in said
