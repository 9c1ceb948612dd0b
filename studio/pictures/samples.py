"""Real photographs that ship with the project, free of rights, for a first try."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from studio.pictures.source_image import SourceImage, read_image

_FOLDER = Path(__file__).parent / "sample_photos"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One photograph in `studio/pictures/sample_photos/`; its README tells the same sources."""

    name: str  # the file's name
    title: str  # what one sees, a few words
    credit: str  # who took it
    licence: str
    source_url: str


SAMPLES: tuple[Sample, ...] = (
    Sample(
        name="rocket.jpg",
        title="Rocket at dusk",
        credit="SpaceX, by way of scikit-image",
        licence="Public domain",
        source_url="https://www.flickr.com/photos/spacexphotos/16511594820/",
    ),
    Sample(
        name="raccoon.jpg",
        title="Raccoon in the leaves",
        credit="Pixnio, by way of SciPy's datasets",
        licence="Public domain",
        source_url="https://pixnio.com/fauna-animals/raccoons/raccoon-procyon-lotor",
    ),
    Sample(
        name="coffee.jpg",
        title="Cup of coffee",
        credit="Rachel Michetti, courtesy of Pikolo Espresso Bar, by way of scikit-image",
        licence="CC0",
        source_url="https://scikit-image.org/docs/stable/api/skimage.data.html#skimage.data.coffee",
    ),
    Sample(
        name="astronaut.jpg",
        title="Astronaut Eileen Collins",
        credit="NASA, by way of scikit-image",
        licence="Public domain",
        source_url="https://flic.kr/p/r9qvLn",
    ),
)
"""All samples; the first is the one for newcomers: one thing to move, and towers that must stay."""


@lru_cache(maxsize=len(SAMPLES))
def load_sample(sample: Sample) -> SourceImage:
    """Read a sample as any upload; one shared object a process, since it never changes."""
    return read_image((_FOLDER / sample.name).read_bytes(), sample.name)
