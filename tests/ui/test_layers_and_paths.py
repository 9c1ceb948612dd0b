"""The list of layers, the presets and the numbers, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from components.canvas.fabric_json import to_fabric, to_strokes
from studio.drawing.model import Drawing, Layer, Speed, Stroke, StrokeKind

CANVAS = (667, 500)


@pytest.fixture
def painted(app: AppTest) -> AppTest:
    """The raccoon with a painted triangle on Motion 1, which is in hand."""
    app.button(key="picture-raccoon.jpg").click().run()
    app.button(key="choose-1").click().run()
    points = ((100.0, 100.0), (200.0, 100.0), (150.0, 200.0))
    area = Stroke(
        layer=Layer.MOTION_1, kind=StrokeKind.AREA, points_canvas_px=points, width_canvas_px=1, mitred=True
    )
    seed = to_fabric(Drawing(canvas_width_px=CANVAS[0], canvas_height_px=CANVAS[1], strokes=(area,)))
    app.session_state["canvas-1"] = {"drawing": {"raw": seed, "data": None}, "backgroundFit": None}
    return app.run()


def drawing(app: AppTest) -> Drawing:
    """What is in hand."""
    assert not app.exception
    found = app.session_state["studio"].drawing
    assert isinstance(found, Drawing)
    return found


def figures(app: AppTest) -> list[str]:
    """What the cards of the list say."""
    words = ("empty", "stays still", "path")
    return [caption.value for caption in app.caption if any(word in caption.value for word in words)]


def with_preset(app: AppTest, name: str) -> AppTest:
    """The page with a preset taken for the layer in hand."""
    app.button_group(key="tool").set_value("Path").run()
    app.button_group(key="path-how").set_value("Preset").run()
    return app.button_group(key="path-preset-1").set_value(name).run()


def test_the_list_says_of_each_layer_what_is_on_it(painted: AppTest) -> None:
    """Static is empty, Motion 1 has paint but no way to go."""
    assert "empty" in figures(painted)
    assert any("no path yet" in words for words in figures(painted))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("the boat", "the boat"),
        ("the\nboat", "the boat"),
        ('the "boat"', "the boat"),
        ("лодка", "лодка"),
        ("**a** :red[b] $c$", "**a** :red[b] $c$"),
        ("boat " * 60, "boat boat boat boat boat boat boat boat"),
    ],
)
def test_a_part_is_named_where_it_stands_in_the_list(painted: AppTest, typed: str, name: str) -> None:
    """One line without quotes, cut to a few words; its letters as they were typed."""
    painted.text_input(key="part-name-1").set_value(typed).run()
    assert drawing(painted).name(Layer.MOTION_1) == name
    assert painted.text_input(key="part-name-1").value == name
    painted.button(key="choose-0").click().run()
    assert name in [text.value for text in painted.text]
    assert not [field for field in painted.text_input if field.key == "part-name-1"]


def test_what_stays_can_be_named_too_and_a_name_taken_away(painted: AppTest) -> None:
    """The static layer has its field as well; an empty name is none."""
    painted.button(key="choose-0").click().run()
    painted.text_input(key="part-name-0").set_value("the pier").run()
    assert drawing(painted).name(Layer.STATIC) == "the pier"
    painted.text_input(key="part-name-0").set_value("").run()
    assert drawing(painted).names == ()


def test_adding_a_moving_part_six_times_works_and_the_seventh_says_why_not(painted: AppTest) -> None:
    """A copy fills each of them."""
    for _ in range(5):
        painted.menu_button(key="layer-menu").click("Duplicate").run()
    assert drawing(painted).layers_used == tuple(layer for layer in Layer if layer)
    next(button for button in painted.button if button.label == "Add a moving part").click().run()
    assert any("the service takes no more" in warning.value for warning in painted.warning)


def test_a_new_moving_part_is_painted_first(painted: AppTest) -> None:
    """The brush is in hand, whichever tool was."""
    painted.button_group(key="tool").set_value("Path").run()
    next(button for button in painted.button if button.label == "Add a moving part").click().run()
    assert painted.button_group(key="tool").value == "Brush"


def test_a_part_that_is_painted_has_its_path_at_the_next_click(painted: AppTest) -> None:
    """The offer stands beside the hint, and goes once the path is in hand; what stays still has none."""
    next(button for button in painted.button if button.label == "Draw its path").click().run()
    assert painted.button_group(key="tool").value == "Path"
    painted.button(key="choose-0").click().run()
    assert not any(button.label == "Draw its path" for button in painted.button)


def test_a_hidden_layer_is_kept_and_it_is_said_that_it_is_sent(painted: AppTest) -> None:
    """Out of sight on the canvas only; choosing it shows it."""
    before = drawing(painted)
    painted.menu_button(key="layer-menu").click("Hide").run()
    assert drawing(painted) == before
    assert painted.session_state["studio"].canvas_seed["objects"] == []
    assert any("kept and sent too" in caption.value for caption in painted.caption)
    painted.button(key="choose-1").click().run()
    assert not any("kept and sent too" in caption.value for caption in painted.caption)


def seeded(app: AppTest) -> set[Layer]:
    """The layers that the canvas is given to show."""
    own = app.session_state["studio"]
    return {stroke.layer for stroke in to_strokes(own.canvas_seed["objects"])}


def test_one_layer_is_looked_at_alone_and_then_all_again(painted: AppTest) -> None:
    """The others leave the canvas, and are kept."""
    painted.menu_button(key="layer-menu").click("Duplicate").run()
    before = drawing(painted)
    painted.menu_button(key="layer-menu").click("Show only this").run()
    assert (seeded(painted), drawing(painted)) == ({Layer.MOTION_2}, before)
    painted.menu_button(key="layer-menu").click("Show all").run()
    assert (seeded(painted), drawing(painted)) == ({Layer.MOTION_1, Layer.MOTION_2}, before)


def test_a_copy_is_in_hand_at_once_and_can_be_swapped(painted: AppTest) -> None:
    """With the layer before it, which was emptied here."""
    painted.menu_button(key="layer-menu").click("Duplicate").run()
    painted.button(key="choose-1").click().run()
    painted.menu_button(key="layer-menu").click("Clear").run()
    assert drawing(painted).layers_used == (Layer.MOTION_2,)
    painted.button(key="choose-2").click().run()
    painted.menu_button(key="layer-menu").click("Move up").run()
    assert drawing(painted).layers_used == (Layer.MOTION_1,)


def test_all_layers_are_cleared_at_once(painted: AppTest) -> None:
    """The picture stays, and the canvas is empty."""
    painted.menu_button(key="layer-menu").click("Duplicate").run()
    painted.menu_button(key="layer-menu").click("Clear all layers").run()
    assert drawing(painted).is_empty
    assert seeded(painted) == set()


def test_a_preset_goes_from_the_middle_of_the_paint_and_its_handles_bend_it(painted: AppTest) -> None:
    """A circle comes back; a longer one is longer."""
    with_preset(painted, "Circle")
    (path,) = drawing(painted).paths(Layer.MOTION_1)
    assert path.points_canvas_px[0] == pytest.approx((150, 133), abs=1)
    assert path.points_canvas_px[-1] == pytest.approx(path.points_canvas_px[0])
    painted.slider(key="path-bend-1").set_value(-50).run()
    (bent,) = drawing(painted).paths(Layer.MOTION_1)
    assert bent.points_canvas_px != path.points_canvas_px


def test_a_path_is_turned_round_nudged_slowed_and_taken_back(painted: AppTest) -> None:
    """Each by one control, none of them a mouse's."""
    with_preset(painted, "Line")
    (path,) = drawing(painted).paths(Layer.MOTION_1)
    next(button for button in painted.button if button.label == "Reverse").click().run()
    assert drawing(painted).paths(Layer.MOTION_1)[0].points_canvas_px == path.points_canvas_px[::-1]
    painted.button(key="nudge-Down").click().run()
    nudged = drawing(painted).paths(Layer.MOTION_1)[0].points_canvas_px
    assert nudged[0][1] - path.points_canvas_px[-1][1] == pytest.approx(6.5, abs=0.5)
    next(button for button in painted.button if button.label == "Undo last change").click().run()
    assert drawing(painted).paths(Layer.MOTION_1)[0].points_canvas_px == path.points_canvas_px[::-1]
    painted.selectbox(key="path-speed-1-EVEN").set_value(Speed.EASE_IN).run()
    assert drawing(painted).speed(Layer.MOTION_1) is Speed.EASE_IN


def test_a_region_and_a_path_can_be_given_by_numbers_alone(app: AppTest) -> None:
    """In pixels of the picture, 1024 × 768 here."""
    app.button(key="picture-raccoon.jpg").click().run()
    app.button(key="choose-1").click().run()
    app.button_group(key="tool").set_value("Rectangle").run()
    for side, value in (("Left", 100), ("Top", 100), ("Width", 200), ("Height", 100)):
        app.number_input(key=f"shape-{side}").set_value(value).run()
    next(button for button in app.button if button.label.startswith("Add the rectangle")).click().run()
    app.button_group(key="tool").set_value("Path").run()
    app.button_group(key="path-how").set_value("Click points").run()
    for x, y in ((200, 150), (400, 300)):
        app.number_input(key="point-x").set_value(x).run()
        app.number_input(key="point-y").set_value(y).run()
        next(button for button in app.button if button.label == "Add this point").click().run()
    assert any("2.5%, path of" in words for words in figures(app))
    assert not any(caption.value.startswith("Before sending") for caption in app.caption)


def test_a_colour_is_filled_by_a_point_in_numbers(app: AppTest) -> None:
    """Nothing is filled before a point is given, nor before Fill is pressed."""
    app.button(key="picture-raccoon.jpg").click().run()
    app.button_group(key="tool").set_value("Fill").run()
    fill = next(button for button in app.button if button.label == "Fill Static")
    assert fill.disabled
    app.number_input(key="wand-x").set_value(890).run()
    app.number_input(key="wand-y").set_value(676).run()
    assert drawing(app).is_empty
    next(button for button in app.button if button.label == "Fill Static").click().run()
    assert drawing(app).layers_used == (Layer.STATIC,)
