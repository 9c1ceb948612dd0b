from pathlib import Path

import pytest

import studio.pictures.samples
from studio.pictures.samples import SAMPLES, Sample, load_sample

FOLDER = Path(studio.pictures.samples.__file__).parent / "sample_photos"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_each_sample_is_a_picture_that_can_be_sent(sample: Sample) -> None:
    """A sample passes the same checks as an upload."""
    image = load_sample(sample)
    assert (image.media_type, image.notes) == ("image/jpeg", ())
    assert min(image.size_px) >= 300
    assert load_sample(sample) is image


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_each_sample_names_its_source(sample: Sample) -> None:
    """Title, author, licence and source, on the page and in the README beside the files."""
    assert all((sample.title, sample.credit, sample.licence))
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert sample.name in readme
    if "scikit-image.org" not in sample.source_url:
        assert sample.source_url in readme


def test_every_photo_in_the_folder_is_offered() -> None:
    """No file without a source, no sample without a file; at least three."""
    assert {path.name for path in FOLDER.glob("*.jpg")} == {sample.name for sample in SAMPLES}
    assert len(SAMPLES) >= 3
