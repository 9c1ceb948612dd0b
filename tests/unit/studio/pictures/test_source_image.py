import base64
import hashlib
import io
import pickle
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from kling.rules import MAX_IMAGE_BYTES
from studio.pictures import encode
from studio.pictures.source_image import (
    ImageProblem,
    SourceImage,
    build_source,
    read_image,
)
from studio.pictures.upload_checks import MAX_UPLOAD_BYTES
from tests.support.pictures import decoded, encoded, exif, gradient, noise, png_bomb

PNG = encoded(gradient())
JPEG = encoded(gradient(), "JPEG", quality=95)


def refused(data: bytes, name: str = "photo.png") -> ImageProblem:
    with pytest.raises(ImageProblem) as caught:
        read_image(data, name)
    problem = caught.value
    assert name in problem.what
    assert problem.why.endswith(".")
    assert problem.next_step.endswith(".")
    return problem


def test_a_png_stays_a_png_of_the_same_pixels() -> None:
    """Nothing is lost on a PNG, and nothing is said about it."""
    image = read_image(PNG, "a.png")
    assert (image.media_type, image.size_px, image.notes) == ("image/png", (400, 320), ())
    assert np.array_equal(decoded(image.wire_bytes), gradient())
    assert image.sha256 == hashlib.sha256(image.wire_bytes).hexdigest()


def test_a_jpeg_stays_a_jpeg_without_colour_subsampling() -> None:
    """Re-encoding at quality 95 in 4:4:4 keeps the pixels within a few levels."""
    image = read_image(JPEG, "a.jpg")
    assert (image.media_type, image.notes) == ("image/jpeg", ())
    assert np.abs(decoded(image.wire_bytes).astype(int) - decoded(JPEG)).max() <= 4
    with Image.open(io.BytesIO(image.wire_bytes)) as again:
        assert [layer[1:3] for layer in getattr(again, "layer", [])] == [(1, 1)] * 3


def test_the_content_counts_and_not_the_ending() -> None:
    """A JPEG that is called .png is read as what it is."""
    assert read_image(JPEG, "a.png").media_type == "image/jpeg"


def test_a_webp_becomes_a_png_and_one_is_told() -> None:
    """The service takes JPG and PNG only."""
    image = read_image(encoded(gradient(), "WEBP", lossless=True), "a.webp")
    assert image.media_type == "image/png"
    assert image.notes == ("WEBP was converted to PNG, which the service takes.",)
    assert np.array_equal(decoded(image.wire_bytes), gradient())


@pytest.mark.parametrize(
    ("data", "described"),
    [
        (b"hello, I am no picture\n" * 20, "text"),
        ("día größer\n".encode() * 90, "text"),
        (encoded(gradient(), "GIF"), "a GIF"),
        (encoded(gradient(), "BMP"), "a BMP"),
        (encoded(gradient(), "TIFF"), "a TIFF"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a HEIC"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "a video"),
        (bytes(range(200, 256)) * 9, "no JPG, PNG, WEBP"),
        (b"\x01", "no JPG, PNG, WEBP"),
    ],
)
def test_a_wrong_type_is_named_by_its_content(data: bytes, described: str) -> None:
    """A text renamed .png is called text, whatever its name says."""
    problem = refused(data)
    assert described in problem.why
    assert "JPG" in problem.next_step


def test_an_empty_file_is_refused() -> None:
    """No byte, no picture."""
    assert "empty" in refused(b"").what


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.95])
def test_a_truncated_file_is_refused(kind: str, share: float) -> None:
    """A half-loaded picture is never filled up with grey."""
    data = encoded(noise(400, 320), kind)
    assert "broken" in refused(data[: int(len(data) * share)]).what


@pytest.mark.parametrize("data", [PNG[:8], PNG[:20], JPEG[:3], b"RIFF\0\0\0\0WEBPVP8 "])
def test_a_bare_beginning_of_a_picture_is_called_broken(data: bytes) -> None:
    """The first bytes of a picture are no other type, but a broken one."""
    assert "broken" in refused(data).what


def test_flipped_bytes_never_raise_anything_else() -> None:
    """The answer to any damage is a picture or an ImageProblem."""
    random = np.random.default_rng(3)
    for original in (PNG, JPEG, encoded(gradient(), "WEBP")):
        for _ in range(60):
            damaged = bytearray(original)
            for at in random.integers(0, min(len(damaged), 1500), 4):
                damaged[at] = random.integers(0, 256)
            try:
                read_image(bytes(damaged), "d")
            except ImageProblem:
                continue


def test_more_bytes_than_the_cap_are_refused_unread() -> None:
    """The byte cap comes first, before anything looks at the content."""
    assert "too large" in refused(PNG + bytes(MAX_UPLOAD_BYTES)).what


@pytest.mark.parametrize(("width", "height"), [(10_000, 10_000), (20_000, 16_000), (8_000, 5_001)])
def test_a_bomb_is_refused_before_decoding(width: int, height: int) -> None:
    """A small file of a hundred megapixels must not unfold into memory, whatever Pillow's own limit."""
    bomb = png_bomb(width, height)
    assert len(bomb) < 500_000
    cut_off = bomb[:200]  # decoding it would find it broken
    assert "too many pixels" in refused(bomb).what
    assert "too many pixels" in refused(cut_off).what


@pytest.mark.parametrize("size", [(65_501, 9), (9, 65_501)])
def test_a_side_that_no_jpeg_can_have_is_refused(size: tuple[int, int]) -> None:
    """It could be sent as a PNG only, and only while that is light enough."""
    assert "too long" in refused(png_bomb(*size)).what


@pytest.mark.parametrize("size", [(299, 500), (1, 1), (751, 300), (300, 751), (2000, 1)])
def test_a_size_that_the_service_refuses_is_read_all_the_same(size: tuple[int, int]) -> None:
    """Preflight finds it, with its repairs; nothing is refused that one click mends."""
    image = read_image(encoded(gradient(*size)), "edge.png")
    assert (image.size_px, image.notes) == (size, ())


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_is_refused(kind: str) -> None:
    """A video starts from one still picture."""
    frames = [Image.fromarray(gradient()), Image.fromarray(gradient()[::-1].copy())]
    assert "animation" in refused(encoded(frames[0], kind, save_all=True, append_images=frames[1:])).what


def test_a_phones_jpeg_with_a_second_picture_inside_is_a_jpeg() -> None:
    """MPO (a depth map or a second view behind the photo) is no animation."""
    first, second = Image.fromarray(gradient()), Image.fromarray(gradient()[::-1].copy())
    image = read_image(encoded(first, "MPO", save_all=True, append_images=[second]), "phone.jpg")
    assert image.media_type == "image/jpeg"
    assert np.abs(decoded(image.wire_bytes).astype(int) - gradient()).mean() < 3


UPRIGHT: dict[int, Any] = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a, 3),
    7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
    8: lambda a: np.rot90(a, 1),
}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_rotated_photo_is_turned_upright(orientation: int) -> None:
    """All eight EXIF orientations; sizes are those of what one sees."""
    image = read_image(encoded(gradient(), exif=exif(orientation)), "phone.png")
    assert np.array_equal(decoded(image.wire_bytes), UPRIGHT[orientation](gradient()))
    assert bool(image.notes) == (orientation != 1)
    assert image.size_px == ((320, 400) if orientation >= 5 else (400, 320))


@pytest.mark.parametrize("orientation", [0, 9, 60000])
def test_an_orientation_that_does_not_exist_changes_nothing(orientation: int) -> None:
    """A wrong value in EXIF is no reason to refuse a photo."""
    assert read_image(encoded(gradient(), exif=exif(orientation)), "a.png").notes == ()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_no_metadata_leaves(kind: str) -> None:
    """Where a photo was taken, and by which camera, stays here."""
    options: dict[str, Any] = {"exif": exif(1, maker="SECRETCAM")}
    if kind == "JPEG":
        options["comment"] = "SECRETCAM"
    data = encoded(gradient(), kind, **options)
    assert b"SECRETCAM" in data
    image = read_image(data, "a")
    assert b"SECRETCAM" not in image.wire_bytes
    with Image.open(io.BytesIO(image.wire_bytes)) as sent:
        assert not sent.getexif()
        assert not {"exif", "icc_profile", "comment", "xmp", "dpi"} & set(sent.info)


def test_sixteen_bit_greys_are_scaled_and_not_clipped() -> None:
    """Half of the brightness stays half of the brightness."""
    ramp = np.tile(np.linspace(0, 65535, 400).astype(np.uint16), (320, 1))
    image = read_image(cv2.imencode(".png", ramp)[1].tobytes(), "deep.png")
    assert np.abs(decoded(image.wire_bytes)[..., 0].astype(float) - ramp / 257).max() <= 1
    assert image.notes == ("Its 16 bits a channel were scaled to 8.",)


def test_sixteen_bit_colours_are_scaled_and_not_clipped() -> None:
    """The same for three channels."""
    deep = gradient().astype(np.uint16) * 257
    image = read_image(cv2.imencode(".png", deep[..., ::-1])[1].tobytes(), "deep.png")
    assert np.abs(decoded(image.wire_bytes).astype(int) - gradient()).max() <= 1
    assert image.notes == ("Its 16 bits a channel were scaled to 8.",)


def test_a_deep_photo_can_be_rotated_too() -> None:
    """Every change is made and said, in whatever combination."""
    ramp = np.tile(np.linspace(0, 65535, 400).astype(np.uint16), (320, 1))
    image = read_image(encoded(Image.fromarray(ramp), exif=exif(6)), "deep.png")
    assert image.size_px == (320, 400)
    assert np.abs(decoded(image.wire_bytes)[:, 5, 0].astype(float) - ramp[0] / 257).max() <= 1
    assert len(image.notes) == 2


def test_transparent_parts_become_white() -> None:
    """The parts that one saw through are white, and one is told."""
    rgba = np.dstack([gradient(), np.full((320, 400), 255, np.uint8)])
    rgba[:100, :100, 3] = 0
    image = read_image(encoded(rgba), "cut.png")
    assert (decoded(image.wire_bytes)[:100, :100] == 255).all()
    assert np.array_equal(decoded(image.wire_bytes)[100:], gradient()[100:])
    assert image.notes == ("Its transparent parts were filled with white.",)


def test_an_opaque_alpha_channel_needs_no_word() -> None:
    """Nothing visible changes, so nothing is said."""
    rgba = np.dstack([gradient(), np.full((320, 400), 255, np.uint8)])
    image = read_image(encoded(rgba), "opaque.png")
    assert image.notes == ()
    assert np.array_equal(decoded(image.wire_bytes), gradient())


def test_a_palette_picture_keeps_its_colours() -> None:
    """Also when one of the palette's colours is transparent."""
    palette = Image.fromarray(gradient()).quantize(64)
    plain = read_image(encoded(palette), "p.png")
    assert np.array_equal(decoded(plain.wire_bytes), np.asarray(palette.convert("RGB")))
    holed = read_image(encoded(palette, transparency=palette.getpixel((5, 5))), "p.png")
    assert (decoded(holed.wire_bytes)[5, 5] == 255).all()
    assert "transparent" in holed.notes[0]


@pytest.mark.parametrize("mode", ["L", "1", "LA"])
def test_greys_become_rgb(mode: str) -> None:
    """Every picture that is sent has three channels."""
    grey = Image.fromarray(gradient()).convert("L").convert(mode)
    image = read_image(encoded(grey), "g.png")
    assert np.array_equal(decoded(image.wire_bytes), np.asarray(grey.convert("RGB")))


def test_print_colours_become_screen_colours() -> None:
    """A CMYK JPEG is converted, close to what it looked like."""
    cmyk = Image.fromarray(gradient()).convert("CMYK")
    image = read_image(encoded(cmyk, "JPEG", quality=95), "print.jpg")
    assert image.notes == ("Its print colours (CMYK) were converted to screen colours (sRGB).",)
    assert np.abs(decoded(image.wire_bytes).astype(int) - gradient()).mean() < 4


def test_a_colour_profile_is_applied() -> None:
    """Pixels are sent in sRGB: a profile with other primaries changes the numbers."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ"))
    data = encoded(gradient(), icc_profile=lab.tobytes())
    image = read_image(data, "wide.png")
    assert image.notes[0].startswith("Its colour")


def test_an_srgb_profile_changes_nothing() -> None:
    """It is sRGB already, and not converted again."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    image = read_image(encoded(gradient(), icc_profile=srgb.tobytes()), "s.png")
    assert image.notes == ()
    assert np.array_equal(decoded(image.wire_bytes), gradient())


def test_a_broken_profile_is_left_out_and_said() -> None:
    """A bad profile is no reason to refuse a photo."""
    image = read_image(encoded(gradient(), icc_profile=b"not a profile" * 20), "b.png")
    assert image.notes == ("Its colour profile could not be read and was left out.",)
    assert np.array_equal(decoded(image.wire_bytes), gradient())


@pytest.mark.parametrize(("kind", "side"), [("PNG", 1865), ("WEBP", 2100)])
def test_what_would_exceed_ten_megabytes_as_png_becomes_the_best_jpeg_that_fits(kind: str, side: int) -> None:
    """The highest quality under the limit, and one is told which."""
    data = encoded(noise(side, side), kind, quality=80)
    assert len(data) < MAX_UPLOAD_BYTES
    image = read_image(data, "big")
    assert image.media_type == "image/jpeg"
    assert len(image.wire_bytes) <= MAX_IMAGE_BYTES
    assert image.notes[-1].startswith(f"{kind} was converted to JPG (quality ")


def test_a_rich_png_under_ten_megabytes_stays_a_png() -> None:
    """Only what is too large loses its exact pixels."""
    picture = noise(1800, 1800)
    image = read_image(encoded(picture), "rich.png")
    assert (image.media_type, image.notes) == ("image/png", ())
    assert np.array_equal(decoded(image.wire_bytes), picture)


def test_a_jpeg_that_would_exceed_ten_megabytes_steps_down() -> None:
    """4:4:4 at 95 may be larger than what came: then the quality falls only as far as it must."""
    data = encoded(noise(3600, 3000), "JPEG", quality=72)
    assert len(data) < MAX_UPLOAD_BYTES
    image = read_image(data, "big.jpg")
    assert MAX_IMAGE_BYTES * 0.9 < len(image.wire_bytes) <= MAX_IMAGE_BYTES
    assert "saved again at JPG quality" in image.notes[-1]


def test_base64_has_no_prefix_and_is_made_once() -> None:
    """The API refuses a `data:` prefix."""
    image = read_image(PNG, "a.png")
    assert base64.b64decode(image.base64, validate=True) == image.wire_bytes
    assert image.base64 is image.base64


def test_a_display_copy_fits_its_box_and_is_never_enlarged() -> None:
    """The canvas gets a small JPEG; a small picture keeps its size."""
    image = read_image(PNG, "a.png")
    small = image.display_jpeg(200, 500)
    assert decoded(small).shape == (160, 200, 3)
    assert decoded(image.display_jpeg(5000, 5000)).shape == (320, 400, 3)
    assert image.display_jpeg(200, 500) is small
    assert small.startswith(b"\xff\xd8\xff")


def test_only_a_few_display_copies_are_kept() -> None:
    """A window that is dragged from size to size must not fill the memory."""
    image = read_image(PNG, "a.png")
    for width in range(100, 120):
        image.display_jpeg(width, 500)
    assert len(image._displays) <= 4


def test_a_picture_is_hashable_and_can_be_kept_in_a_session() -> None:
    """Equal by its content's hash, and nothing in it but plain values."""
    image, same = read_image(PNG, "a.png"), read_image(PNG, "a.png")
    assert image == same
    assert hash(image) == hash(same)
    assert isinstance(pickle.loads(pickle.dumps(image)), SourceImage)
    assert "wire_bytes" not in repr(image)


def test_a_picture_too_rich_for_any_quality_is_scaled_down_and_one_is_told() -> None:
    """Until it is under 10 MB at a good quality, its proportions kept."""
    rich = Image.fromarray(noise(5600, 4480))
    image = build_source(rich, ("It was turned.",), "JPEG", "rich.jpg")
    width, height = image.size_px
    assert width > 2400
    assert width / height == pytest.approx(5600 / 4480, rel=0.001)
    scaled = f"It was scaled down to {width} × {height}: larger it would exceed 10 MB."
    assert image.notes[:2] == ("It was turned.", scaled)
    assert len(image.wire_bytes) <= MAX_IMAGE_BYTES


def test_a_photo_over_ten_megabytes_is_saved_again_below_it() -> None:
    """A camera's file is no mistake: it is mended without a question, and one is told."""
    data = encoded(noise(3000, 2400), "JPEG", quality=97, subsampling=0)
    assert MAX_IMAGE_BYTES < len(data) < MAX_UPLOAD_BYTES
    image = read_image(data, "camera.jpg")
    assert len(image.wire_bytes) <= MAX_IMAGE_BYTES
    assert "to stay under 10 MB" in image.notes[-1]


def test_a_picture_far_beyond_ten_megabytes_is_encoded_whole_no_more_than_it_must(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Noise of 40 megapixels would be encoded for seconds: a sample tells that no quality is enough."""
    whole = Image.fromarray(np.random.default_rng(1).integers(0, 256, (1000, 1200, 3), np.uint8))
    encoded_sizes: list[tuple[int, int]] = []
    encode_jpeg = encode._encode_jpeg

    def noting(pixels: Image.Image, quality: int) -> bytes:
        encoded_sizes.append(pixels.size)
        return encode_jpeg(pixels, quality)

    monkeypatch.setattr(encode, "MAX_IMAGE_BYTES", 100_000)
    monkeypatch.setattr(encode, "_encode_jpeg", noting)
    made = build_source(whole, (), "JPEG", "noise.jpg")
    assert len(made.wire_bytes) <= 100_000
    assert whole.size not in encoded_sizes
