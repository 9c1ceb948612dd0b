"""Thirty drawings, each to be told in words: the shapes of paths, names, groups, edges, statics."""

from studio.drawing.model import MOTION_LAYERS, Drawing, Layer, PointCanvasPx, Speed, Stroke, StrokeKind
from studio.drawing.path_presets import PathShape, Preset, preset_points

CANVAS_PX = (960, 540)
M1, M2, M3 = MOTION_LAYERS[:3]
STATIC = Layer.STATIC


def blob(layer: Layer, x: float, y: float, half: float = 60) -> Stroke:
    """A square of paint around a point."""
    corners = ((x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half))
    return Stroke(layer=layer, kind=StrokeKind.AREA, points_canvas_px=corners, width_canvas_px=0)


def along(layer: Layer, *points: PointCanvasPx) -> Stroke:
    """A path through these points."""
    return Stroke(layer=layer, kind=StrokeKind.PATH, points_canvas_px=points, width_canvas_px=4)


def moved(layer: Layer, x: float, y: float, right: float, down: float) -> tuple[Stroke, Stroke]:
    """A square of paint, and a straight path from its middle."""
    return blob(layer, x, y), along(layer, (x, y), (x + right, y + down))


def shaped(
    layer: Layer,
    middle: PointCanvasPx,
    preset: Preset,
    *,
    direction_deg: float = 0,
    length: float,
    bend: float,
) -> tuple[Stroke, Stroke]:
    """A square of paint, and a preset from its middle."""
    shape = PathShape(preset=preset, direction_deg=direction_deg, length_canvas_px=length, bend=bend)
    return blob(layer, *middle), along(layer, *preset_points(shape, middle, CANVAS_PX))


def drawing(*strokes: Stroke, **names: str) -> Drawing:
    """These strokes, with names by `static`, `m1`, `m2` and `m3`."""
    made = Drawing(canvas_width_px=CANVAS_PX[0], canvas_height_px=CANVAS_PX[1], strokes=strokes)
    for layer, key in ((STATIC, "static"), (M1, "m1"), (M2, "m2"), (M3, "m3")):
        made = made.with_name(layer, names.get(key, ""))
    return made


def _trembling(x: float, y: float, right: float) -> tuple[PointCanvasPx, ...]:
    return tuple((x + right * n / 30, y + (3 if n % 2 else -3)) for n in range(31))


BOAT = moved(M1, 200, 270, 300, 0)
PIER = blob(STATIC, 60, 500, 50)

DIRECTIONS: dict[str, Drawing] = {
    "to the right, named": drawing(*BOAT, m1="the boat"),
    "to the left, on the right": drawing(*moved(M1, 800, 270, -400, 0)),
    "up": drawing(*moved(M1, 480, 450, 0, -250), m1="the rocket"),
    "down, slightly": drawing(*moved(M1, 480, 90, 0, 30), m1="the leaf"),
    "up and to the right": drawing(*moved(M1, 150, 450, 250, -250)),
    "down and to the left, almost across": drawing(*moved(M1, 800, 100, -330, 330)),
    "a trembling hand": drawing(blob(M1, 200, 270), along(M1, *_trembling(200, 270, 500)), m1="the car"),
    "an arc": drawing(
        *shaped(M1, (200, 400), Preset.ARC, direction_deg=20, length=400, bend=0.6), m1="the ball"
    ),
    "a circle": drawing(*shaped(M1, (400, 300), Preset.CIRCLE, length=600, bend=1.0), m1="the wheel"),
    "a small circle the other way": drawing(*shaped(M1, (400, 300), Preset.CIRCLE, length=120, bend=-1.0)),
    "a wide circle": drawing(*shaped(M1, (300, 500), Preset.CIRCLE, length=1300, bend=1.0), m1="the bird"),
    "waves": drawing(*shaped(M1, (200, 300), Preset.WAVE, length=500, bend=0.5), m1="the fish"),
    "a zigzag": drawing(
        blob(M1, 200, 300),
        along(M1, (200, 300), (300, 200), (400, 400), (500, 200), (600, 300)),
        m1="the kite",
    ),
    "out and back": drawing(blob(M1, 200, 300), along(M1, (200, 300), (500, 290), (210, 300)), m1="the dog"),
    "from side to side": drawing(
        blob(M1, 400, 300),
        along(M1, (400, 300), (550, 300), (400, 300), (550, 300), (400, 300)),
        m1="the swing",
    ),
    "up and down": drawing(
        blob(M1, 200, 300), along(M1, (200, 300), (200, 200), (200, 300), (200, 200)), m1="the buoy"
    ),
    "out over the right edge": drawing(*moved(M1, 800, 300, 155, 0), m1="the train"),
    "out over the lower edge": drawing(*moved(M1, 700, 440, -40, 160)),
    "out over the upper edge in an arc": drawing(
        blob(M1, 300, 100), along(M1, (300, 100), (360, 60), (380, -90)), m1="the balloon"
    ),
    "gathering speed": drawing(*BOAT, m1="the boat").with_speed(M1, Speed.EASE_IN),
    "slowing to a stop": drawing(*BOAT, m1="the boat").with_speed(M1, Speed.EASE_OUT),
    "both": drawing(*BOAT, *moved(M2, 200, 450, 310, 0), m1="the boat", m2="the boat"),
    "all three": drawing(
        *moved(M1, 200, 90, 100, 0),
        *moved(M2, 200, 270, 90, 0),
        *moved(M3, 200, 450, 95, 0),
        m1="the fox",
        m2="the fox",
        m3="the fox",
    ),
    "two names the same way": drawing(*BOAT, *moved(M2, 200, 450, 310, 0), m1="the boat", m2="the gulls"),
    "two parts of one place": drawing(*moved(M1, 120, 270, 200, 0), *moved(M2, 250, 270, 190, 0)),
    "two ways": drawing(*BOAT, *moved(M2, 600, 100, 0, 40), m1="the boat", m2="the clouds"),
    "with a pier that stays": drawing(PIER, *BOAT, static="the pier and the sky", m1="the boat"),
    "with something that stays": drawing(PIER, *BOAT),
    "only something that stays": drawing(PIER, static="the glass"),
    "names in other scripts": drawing(
        PIER, *BOAT, *moved(M2, 200, 450, 310, 0), static="пристань", m1="船", m2="船"
    ),
}
"""By what is special about each."""
