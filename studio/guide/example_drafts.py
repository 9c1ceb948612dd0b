"""An example of the guide as a draft, and as the video that its request directs."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from cachetools import LRUCache
from PIL import Image

from studio.drawing.arrays import Rgb, SizePx
from studio.drawing.model import Drawing, Layer, Stroke, StrokeKind
from studio.drawing.path_presets import PathShape, Preset, preset_points
from studio.guide.examples import EXAMPLES, Crop, Example, ExamplePath, Outline, Part
from studio.pictures.samples import SAMPLES, Sample, load_sample
from studio.pictures.source_image import SourceImage, read_image
from studio.preview.cache import ComputeOnceCache
from studio.preview.render import Preview, render_preview
from studio.request.compose import Composed, compose
from studio.request.draft import Draft, Parameters, Picture
from studio.request.model_options import DEFAULT_MODEL

LONGER_SIDE_PX = 480
"""Of the pictures of the guide."""
_CACHE: ComputeOnceCache[Preview] = ComputeOnceCache(LRUCache(len(EXAMPLES)))


def render_example(example: Example, colours: Mapping[Layer, Rgb]) -> Preview:
    """Render the example's video, once a process, as any preview is rendered."""
    return _CACHE.get(example.title, lambda: _render(compose_example(example), colours), lambda _share: None)


def compose_example(example: Example) -> Composed:
    """Compose the request that would be sent."""
    return compose(example_draft(example))


def example_draft(example: Example) -> Draft:
    """The example as a person would have made it, on a small copy of the photograph."""
    picture = _small(sample_of(example))
    return Draft(
        picture=Picture(source=picture),
        tail=Picture(source=_cropped(picture, example.tail)) if example.tail else None,
        drawing=drawing_of_parts(example.parts, picture.size_px) if example.parts else None,
        parameters=Parameters(model_name=DEFAULT_MODEL, mode="std", duration="5"),
    )


def drawing_of_parts(parts: Iterable[Part], canvas_size_px: SizePx) -> Drawing:
    """The strokes and names of these parts on a canvas of this size."""
    width, height = canvas_size_px
    drawing = Drawing(canvas_width_px=width, canvas_height_px=height)
    for part in parts:
        strokes = (*drawing.strokes, *_strokes(part, canvas_size_px))
        drawing = replace(drawing, strokes=strokes).with_name(part.layer, part.name)
    return drawing


def example_size_px(example: Example) -> SizePx:
    """Width and height of its picture, and so the shape of its video."""
    return _small(sample_of(example)).size_px


def sample_of(example: Example) -> Sample:
    """Its photograph."""
    return next(sample for sample in SAMPLES if sample.name == example.sample_name)


def _render(request: Composed, colours: Mapping[Layer, Rgb]) -> Preview:
    return render_preview(request.request, request.layers, colours)


def _strokes(part: Part, canvas_size_px: SizePx) -> list[Stroke]:
    painted = [_area(part.layer, outline, canvas_size_px) for outline in part.outlines]
    return [*painted, _path(part.layer, part.path, canvas_size_px)] if part.path else painted


def _area(layer: Layer, outline: Outline, canvas_size_px: SizePx) -> Stroke:
    width, height = canvas_size_px
    points = tuple((x * width, y * height) for x, y in outline)
    return Stroke(layer=layer, kind=StrokeKind.AREA, points_canvas_px=points, width_canvas_px=1)


def _path(layer: Layer, path: ExamplePath, canvas_size_px: SizePx) -> Stroke:
    width, height = canvas_size_px
    shape = PathShape(
        preset=Preset.ARC if path.bend else Preset.LINE,
        direction_deg=path.direction_deg,
        length_canvas_px=path.length_of_width * width,
        bend=path.bend,
    )
    points = preset_points(shape, (path.start[0] * width, path.start[1] * height), canvas_size_px)
    return Stroke(layer=layer, kind=StrokeKind.PATH, points_canvas_px=points, width_canvas_px=4)


@lru_cache(maxsize=len(SAMPLES))
def _small(sample: Sample) -> SourceImage:
    return read_image(load_sample(sample).display_jpeg(LONGER_SIDE_PX, LONGER_SIDE_PX), sample.name)


def _cropped(picture: SourceImage, crop: Crop) -> SourceImage:
    """The piece, as large as the picture itself."""
    width, height = picture.size_px
    half = crop.share_of_width / 2
    x, y = crop.middle
    box = ((x - half) * width, (y - half) * height, (x + half) * width, (y + half) * height)
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(picture.wire_bytes)) as whole:
        whole.resize((width, height), Image.Resampling.LANCZOS, box=box).save(buffer, "JPEG", quality=90)
    return read_image(buffer.getvalue(), f"the end of {picture.name}")
