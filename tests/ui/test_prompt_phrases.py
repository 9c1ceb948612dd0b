"""Chips that become words of the prompt."""

from streamlit.testing.v1 import AppTest


def test_a_chip_adds_its_words_and_pressed_again_takes_them_out(app: AppTest) -> None:
    """The typed words stay."""
    app.text_area(key="prompt").set_value("A cat").run()
    app.button_group(key="phrases-camera").set_value("Push in").run()
    assert app.text_area(key="prompt").value == "A cat. The camera slowly pushes in."
    app.button_group(key="phrases-camera").set_value(None).run()
    assert app.text_area(key="prompt").value == "A cat."


def test_words_that_are_typed_choose_their_chip(app: AppTest) -> None:
    """Chips show what the prompt says, whoever wrote it."""
    app.text_area(key="prompt").set_value("A dog. Slow, calm motion.").run()
    assert app.button_group(key="phrases-pace").value == "Slow"
    assert not app.exception
