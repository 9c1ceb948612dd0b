"""Files that are not as they should be are shown as Chromium shows them, or refused in words.

Every expectation was compared with Chromium's own pixels, but for those that say otherwise.
"""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image

from studio.pictures.file_kinds import description_of, format_of
from studio.pictures.file_parts import MAX_PARTS, orientation_of
from studio.pictures.source_image import ImageProblem, SourceImage, read_image, read_sent_image
from tests.support.pictures import chunk, decoded, encoded, exif, gradient, noise, png

CASES = Path(__file__).parents[3] / "cases" / "files"
PHOTO = (CASES / "photo.jfif").read_bytes()
GREY = np.asarray(Image.fromarray(gradient()).convert("L"))
TURNED = "It was turned upright, as the camera had noted."
CONVERTED = "Its colours were converted from its own colour profile to sRGB."
LEFT_OUT = "Its colour profile could not be read and was left out."
TRANSPARENT = "Its transparent parts were filled with white."
WEBP = "WEBP was converted to PNG, which the service takes."


def case(name: str) -> SourceImage:
    """A case as an upload."""
    return read_image((CASES / name).read_bytes(), name)


def pixels(image: SourceImage) -> NDArray[np.int_]:
    """As they are sent."""
    return decoded(image.wire_bytes).astype(int)


def refused(data: bytes) -> str:
    """Why a file is refused."""
    with pytest.raises(ImageProblem) as caught:
        read_image(data, "odd")
    return caught.value.why


def jpeg(picture: Any, **options: Any) -> bytes:
    """A JPEG file."""
    return encoded(picture, "JPEG", **options)


def heic(picture: Any = None, **options: Any) -> bytes:
    """A HEIC file."""
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(gradient() if picture is None else picture)).save(
        buffer, quality=90, **options
    )
    return buffer.getvalue()


# ---- metadata, damaged or long


@pytest.mark.parametrize(
    ("name", "notes"),
    [
        ("exif_II_only.png", ()),
        ("exif_MM_only.jpg", ()),
        ("exif_II_cut.webp", (WEBP,)),
        ("text_1.6MB_packed.png", ()),
        ("text_1.6MB_behind_the_pixels.png", ()),
        ("profile_1.2MB.png", (CONVERTED,)),
        ("jpeg_profile_part_too_short.jpg", (LEFT_OUT,)),
        ("end_marker_missing.jpg", ()),
        ("photo.jfif", ()),
        ("photo", ()),
    ],
)
def test_a_whole_picture_is_shown_whatever_its_notes_are(name: str, notes: tuple[str, ...]) -> None:
    """Unturned, with its own pixels: red to the right, green to the bottom."""
    image = case(name)
    assert (image.size_px, image.notes) == ((400, 320), notes)
    assert np.abs(pixels(image)[300:, 380:] - gradient()[300:, 380:]).mean() < 30
    assert np.abs(pixels(image)[:20, :20] - gradient()[:20, :20]).mean() < 30


@pytest.mark.parametrize("kept", range(0, 26, 2))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_exif_block_may_be_cut_off_anywhere(kind: str, kept: int) -> None:
    """Its orientation counts only when all of its entry is there."""
    block = exif(6)
    data = encoded(gradient(), kind, exif=block[: 6 + kept])
    is_turned = kind != "WEBP" and kept >= 22
    assert read_image(data, "cut").size_px == ((320, 400) if is_turned else (400, 320))


@pytest.mark.parametrize(
    ("tiff", "orientation"),
    [
        (b"MM\0*" + struct.pack(">IHHHIHH", 8, 1, 0x112, 3, 1, 6, 0), 6),
        (b"II*\0" + struct.pack("<IHHHIHH", 8, 1, 0x112, 3, 1, 8, 0), 8),
        (b"MM\0*" + struct.pack(">IHHHIHH", 8, 1, 0x112, 3, 1, 9, 0), 1),
        (b"MM\0*" + struct.pack(">IHHHII", 8, 1, 0x112, 4, 1, 6), 1),  # a long: no browser reads it
        (b"MM\0*" + struct.pack(">IH", 8, 0xFFFF), 1),
        (b"MM\0*" + struct.pack(">I", 0xFFFFFFFF), 1),
        (b"II\0*" + struct.pack("<IHHHIHH", 8, 1, 0x112, 3, 1, 8, 0), 1),
        (b"II", 1),
        (b"", 1),
    ],
)
def test_the_orientation_is_read_in_both_byte_orders(tiff: bytes, orientation: int) -> None:
    """And is 1 whenever it is not clearly another."""
    assert orientation_of(tiff) == orientation


def test_an_exif_block_that_repeats_itself_takes_no_memory() -> None:
    """65,535 entries that each say to be 20 MB long: nothing but one number is read."""
    entries = b"".join(struct.pack("<HHII", tag, 7, 20_000_000, 8) for tag in range(1, 65_535))
    block = b"II*\0" + struct.pack("<IH", 8, 65_534) + entries
    assert read_image(png(gradient(), before=[(b"eXIf", block)]), "big").size_px == (400, 320)


def test_a_jpeg_is_turned_by_exif_and_not_by_xmp() -> None:
    """As in every browser."""
    assert (case("turned_by_xmp_only.jpg").size_px, case("turned_by_xmp_only.jpg").notes) == ((400, 320), ())
    assert read_image(jpeg(gradient(), exif=exif(6)), "a").notes == (TURNED,)


def test_a_webp_is_not_turned() -> None:
    """Chromium shows it as it is stored."""
    assert case("turned_by_exif.webp").notes == (WEBP,)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_an_avif_is_turned_as_it_says_itself(orientation: int) -> None:
    """By `irot` and `imir`."""
    turned = read_image(encoded(gradient(), "AVIF", exif=exif(orientation)), "a.avif")
    png_turned = read_image(encoded(gradient(), exif=exif(orientation)), "a.png")
    assert np.abs(pixels(turned) - pixels(png_turned)).mean() < 4


@pytest.mark.parametrize("kind", ["AVIF", "HEIC"])
def test_a_damaged_exif_block_of_a_phones_photo_says_nothing(kind: str) -> None:
    """Its decoder would fail at it."""
    block = exif(1, maker="CAMERA")
    data = encoded(gradient(), "AVIF", exif=block) if kind == "AVIF" else heic(exif=block)
    at = data.index(b"MM\0*")
    assert read_image(data[:at] + b"II*\0\xff\xff" + data[at + 6 :], "a").size_px == (400, 320)


def test_damaged_notes_of_a_png_are_left_out() -> None:
    """A wrong checksum is enough."""
    whole = png(gradient(), before=[(b"eXIf", exif(6)[6:]), (b"gAMA", struct.pack(">I", 100_000))])
    at = whole.index(b"eXIf")
    damaged = whole[: at + 5] + b"?" + whole[at + 6 :]
    assert read_image(damaged, "a").notes == (CONVERTED,)


@pytest.mark.parametrize("beginning", [b"", b"\0", b"a\0\0", b"a\0\0no zlib", b"no end"])
def test_a_damaged_profile_is_left_out_and_said(beginning: bytes) -> None:
    """Of a PNG."""
    image = read_image(png(gradient(), before=[(b"iCCP", beginning)]), "a")
    assert image.notes == (LEFT_OUT,)
    assert np.array_equal(pixels(image), gradient())


def test_a_packed_profile_is_unpacked_within_a_bound() -> None:
    """A gigabyte in 1 MB."""
    bomb = b"a\0\0" + zlib.compress(bytes(10**8))
    assert read_image(png(gradient(), before=[(b"iCCP", bomb)]), "a").notes == (LEFT_OUT,)


@pytest.mark.parametrize("parts", [[b"\1\2abc"], [b"\2\2abc"], [b"\1"], [b"\1\0abc"], [b"\1\1not ICC"]])
def test_a_profile_with_a_part_missing_is_left_out_and_said(parts: list[bytes]) -> None:
    """Of a JPEG."""
    segments = b"".join(
        b"\xff\xe2" + struct.pack(">H", len(part) + 14) + b"ICC_PROFILE\0" + part for part in parts
    )
    assert read_image(PHOTO[:2] + segments + PHOTO[2:], "a").notes == (LEFT_OUT,)


# ---- palettes and transparency


def test_a_palette_that_is_missing_is_missed() -> None:
    """Chromium shows white; here one is told."""
    assert "palette" in refused((CASES / "palette_missing.png").read_bytes())


def test_a_palette_shorter_than_its_transparency_is_used() -> None:
    """More than 256 transparencies are none."""
    image = case("palette_shorter_than_its_alpha.png")
    assert (image.size_px, image.notes, pixels(image).max()) == ((400, 320), (), 0)


COLOURS = b"\xff\0\0\0\xff\0\0\0\xff\x50\x50\x50"


@pytest.mark.parametrize(
    ("chunks", "notes", "columns"),
    [
        ([(b"PLTE", COLOURS)], (), [(255, 0, 0), (0, 255, 0), (0, 0, 255), (80, 80, 80)]),
        ([(b"PLTE", COLOURS + b"?")], (), [(255, 0, 0), (0, 255, 0), (0, 0, 255), (80, 80, 80)]),
        ([(b"PLTE", COLOURS[:6])], (), [(255, 0, 0), (0, 255, 0), (0, 255, 0), (0, 255, 0)]),
        (
            [(b"PLTE", COLOURS), (b"tRNS", b"\0\xff\xff\xff\0\0")],
            (TRANSPARENT,),
            [(255, 255, 255), (0, 255, 0), (0, 0, 255), (80, 80, 80)],
        ),
        (
            [(b"tRNS", b"\0"), (b"PLTE", COLOURS)],
            (),
            [(255, 0, 0), (0, 255, 0), (0, 0, 255), (80, 80, 80)],
        ),
    ],
)
def test_a_palette_and_its_transparency_are_made_to_fit(
    chunks: list[tuple[bytes, bytes]], notes: tuple[str, ...], columns: list[tuple[int, int, int]]
) -> None:
    """Beyond the palette is its last colour; transparency before it is none."""
    indexes = np.tile(np.repeat(np.arange(4, dtype=np.uint8), 100), (320, 1))
    image = read_image(png(indexes, colour_type=3, before=chunks), "a")
    assert image.notes == notes
    assert [tuple(pixels(image)[5, x]) for x in (50, 150, 250, 350)] == columns


def test_transparent_16_bit_black_is_white() -> None:
    """One shade of 65,536."""
    image = case("grey16_black_is_transparent.png")
    assert image.notes == ("Its 16 bits a channel were scaled to 8.", TRANSPARENT)
    assert (pixels(image)[:, :200] == 255).all()
    assert pixels(image)[:, 201:].max() < 255


@pytest.mark.parametrize(("bits", "value", "grey"), [(1, 1, 255), (2, 1, 85), (4, 3, 51), (8, 60, 60)])
def test_a_transparent_shade_of_few_bits_is_white(bits: int, value: int, grey: int) -> None:
    """Counted in those bits."""
    packed = np.full((320, 50 * bits), int(f"{value:0{bits}b}" * (8 // bits), 2), np.uint8)
    opaque = png(packed, colour_type=0, bits=bits, width_px=400)
    assert (pixels(read_image(opaque, "a")) == grey).all()
    transparent = png(
        packed, colour_type=0, bits=bits, width_px=400, before=[(b"tRNS", struct.pack(">H", value))]
    )
    assert (pixels(read_image(transparent, "a")) == 255).all()


# ---- colours


def test_a_profile_counts_whatever_it_is_called() -> None:
    """Linear light, whose name has sRGB in it."""
    image = case("profile_called_linear_srgb.png")
    assert image.notes == (CONVERTED,)
    assert np.abs(pixels(image)[160] - pixels(case("gamma_1.png"))[160]).max() <= 2


@pytest.mark.parametrize(
    ("gamma", "row"),
    [
        (100_000, [(42, 207, 160), (143, 207, 160), (192, 207, 160), (228, 207, 160)]),
        (50_000, [(2, 167, 99), (78, 167, 99), (143, 167, 99), (204, 167, 99)]),
        (45_455, [(6, 159, 90), (70, 159, 90), (134, 159, 90), (198, 159, 90)]),
        (47_000, [(6, 159, 90), (70, 159, 90), (134, 159, 90), (198, 159, 90)]),
        (0, [(6, 159, 90), (70, 159, 90), (134, 159, 90), (198, 159, 90)]),
    ],
)
def test_a_pngs_gamma_counts(gamma: int, row: list[tuple[int, int, int]]) -> None:
    """As Chromium shows it, within a level."""
    image = read_image(png(gradient(), before=[(b"gAMA", struct.pack(">I", gamma))]), "a")
    assert np.abs(pixels(image)[200, [10, 110, 210, 310]] - np.array(row)).max() <= 1


P3 = struct.pack(">8I", 31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000)


def test_a_pngs_primaries_count_with_its_gamma() -> None:
    """As Chromium shows it, within a level; without gamma they do not."""
    both = png(gradient(), before=[(b"gAMA", struct.pack(">I", 45_455)), (b"cHRM", P3)])
    assert np.abs(pixels(read_image(both, "a"))[200, 310] - np.array([207, 159, 76])).max() <= 1
    alone = read_image(png(gradient(), before=[(b"cHRM", P3)]), "a")
    assert alone.notes == ()


@pytest.mark.parametrize("points", [bytes(32), b"\xff" * 32, bytes(7)])
def test_primaries_that_are_nonsense_change_nothing(points: bytes) -> None:
    """No error of arithmetic."""
    gamma = (b"gAMA", struct.pack(">I", 45_455))
    assert read_image(png(gradient(), before=[gamma, (b"cHRM", points)]), "a").notes in ((), (LEFT_OUT,))


def test_srgb_by_name_outdoes_gamma() -> None:
    """A chunk of its own says so."""
    chunks = [(b"gAMA", struct.pack(">I", 100_000)), (b"sRGB", b"\0")]
    assert read_image(png(gradient(), before=chunks), "a").notes == ()


# ---- pixels that are missing


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("half_missing_end_marker_there.jpg", "from about row 112 on are not in the file"),
        ("no_pixels_at_all_end_marker_there.jpg", "from about row 0 on"),
        ("last_16_bytes_missing.jpg", "from about row 304 on"),
    ],
)
def test_pixels_that_are_missing_are_missed(name: str, why: str) -> None:
    """Chromium fills in grey or nothing; a video would start from that, so here one is told."""
    assert why in refused((CASES / name).read_bytes())


JPEGS = {
    "baseline": jpeg(noise(203, 171)),
    "smooth": jpeg(gradient(403, 317), quality=80),
    "grey": jpeg(Image.fromarray(noise(203, 171)).convert("L")),
    "print": jpeg(Image.fromarray(gradient(403, 317)).convert("CMYK")),
    "restarts": jpeg(noise(203, 171), restart_marker_rows=1),
    "many restarts": jpeg(noise(203, 171), restart_marker_blocks=3),
    "progressive": jpeg(noise(203, 171), progressive=True),
    "flat grey": jpeg(np.full((320, 400, 3), 128, np.uint8)),
}


@pytest.mark.parametrize("kind", JPEGS)
def test_a_jpeg_without_its_end_is_whole(kind: str) -> None:
    """Every pixel is there."""
    whole = JPEGS[kind]
    for data in (whole[:-2], whole[:-1], whole + b"behind it", whole[:-2] + b"\xff" * 9 + b"\xd9"):
        assert np.array_equal(pixels(read_image(data, "a")), pixels(read_image(whole, "a")))


@pytest.mark.parametrize("kind", [kind for kind in JPEGS if kind != "progressive"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("end", [b"", b"\xff\xd9"])
def test_a_jpeg_that_lacks_pixels_is_refused(kind: str, share: float, end: bytes) -> None:
    """Wherever it is cut, with an end or without."""
    data = JPEGS[kind]
    scan = data.index(b"\xff\xda") + 12
    assert "are not in the file" in refused(data[: scan + int((len(data) - scan) * share)] + end)


def test_a_jpeg_that_lacks_pixels_in_its_middle_is_refused() -> None:
    """Restarts let a decoder go on behind the gap."""
    data = JPEGS["restarts"]
    first, second = data.index(b"\xff\xd2"), data.index(b"\xff\xd3")
    assert "are not in the file" in refused(data[: first + 2] + data[second:])


def test_a_progressive_jpeg_may_lack_detail() -> None:
    """Every pixel is there, if less sharp: browsers show it so."""
    whole = JPEGS["progressive"]
    assert np.abs(pixels(read_image(whole[:-200], "a")) - pixels(read_image(whole, "a"))).mean() < 9


@pytest.mark.parametrize("cut", [1, 4, 12, 16, 20])
def test_a_png_without_its_end_is_whole(cut: int) -> None:
    """Its rows are all there."""
    assert np.array_equal(pixels(read_image(png(gradient())[:-cut], "a")), gradient())


@pytest.mark.parametrize("cut", [1, 500])
def test_a_webp_without_the_end_of_its_notes_is_whole(cut: int) -> None:
    """No browser shows it; its pixels are all there."""
    data = encoded(gradient(), "WEBP", lossless=True, exif=exif(), xmp=b"x" * 1000)
    assert np.array_equal(pixels(read_image(data[:-cut], "a")), gradient())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
def test_a_picture_of_one_pixel_is_read(kind: str) -> None:
    """The smallest of each kind."""
    data = encoded(np.full((1, 1, 3), 60, np.uint8), kind, **({"lossless": True} if kind == "WEBP" else {}))
    assert np.abs(pixels(read_image(data, "dot")) - 60).max() <= 2


# ---- bounds


def segments(count: int) -> bytes:
    """A photograph with so many empty segments."""
    return PHOTO[:2] + b"\xff\xfe\0\2" * count + PHOTO[2:]


def scans(count: int, side_px: int) -> bytes:
    """A progressive JPEG whose last scan comes so often."""
    data = jpeg(Image.new("L", (side_px, side_px), 100), progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * count + data[-2:]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ((CASES / "scans_1500.jpg").read_bytes(), "1501 passes over its pixels; at most 100"),
        (scans(6_300, 64), "passes over its pixels; at most 100"),
        (scans(60, 6_000), "passes over its pixels; at most 27"),
        (segments(MAX_PARTS), "more than 20000 segments"),
        (png(gradient(), before=[(b"abCd", b"")] * MAX_PARTS), "more than 20000 chunks"),
        (png(gradient(), before=[(b"IDAT", b"")] * MAX_PARTS), "more than 20000 chunks"),
        (b"RIFF\0\0\0\0WEBP" + b"abcd\0\0\0\0" * MAX_PARTS, "more than 20000 chunks"),
        (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1" + b"\0\0\0\x08free" * MAX_PARTS, "more than 20000 boxes"),
    ],
)
def test_a_file_that_would_keep_a_decoder_busy_is_refused(data: bytes, why: str) -> None:
    """Before it is decoded."""
    assert why in refused(data)


def test_a_file_of_many_parts_is_read() -> None:
    """Panoramas have thousands."""
    assert read_image(segments(MAX_PARTS // 2), "a").size_px == (400, 320)
    assert read_image(scans(15, 64), "a").size_px == (64, 64)


# ---- kinds


@pytest.mark.parametrize(
    ("data", "notes"),
    [
        (heic(), ("HEIC was converted to JPG, which the service takes.",)),
        (encoded(gradient(), "AVIF"), ("AVIF was converted to PNG, which the service takes.",)),
    ],
)
def test_photos_of_phones_are_read(data: bytes, notes: tuple[str, ...]) -> None:
    """HEIC, and AVIF."""
    image = read_image(data, "photo")
    assert (image.size_px, image.notes) == ((400, 320), notes)
    assert np.abs(pixels(image) - gradient()).mean() < 4


def test_a_turned_heic_is_upright_and_its_transparent_parts_are_white() -> None:
    """Its decoder has turned it already."""
    rgba = np.dstack([gradient(), np.full((320, 400), 255, np.uint8)])
    rgba[:160, :, 3] = 0
    assert read_image(heic(exif=exif(6)), "a").size_px == (320, 400)
    image = read_image(heic(rgba), "a")
    assert TRANSPARENT in image.notes
    assert (pixels(image)[:150] >= 253).all()


def test_an_animated_avif_is_refused() -> None:
    """A video starts from one still picture."""
    frames = [Image.fromarray(gradient()), Image.fromarray(gradient()[::-1].copy())]
    assert "still" in refused(encoded(frames[0], "AVIF", save_all=True, append_images=frames[1:]))


@pytest.mark.parametrize(
    ("name", "kind", "next_step"),
    [
        ("head_avis.jpg", "an AVIF picture", "Save it as JPG"),
        ("head_heis.jpg", "a HEIC photo", "Save it as JPG"),
        ("head_hevc.jpg", "a HEIC photo", "Save it as JPG"),
        ("head_miaf.jpg", "a HEIC photo", "Save it as JPG"),
        ("head_jxl.jpg", "a JPEG XL picture", "Save it as JPG"),
        ("head_wav.jpg", "a sound", "Save it as JPG"),
    ],
)
def test_a_file_is_called_what_it_is(name: str, kind: str, next_step: str) -> None:
    """With what to do."""
    with pytest.raises(ImageProblem) as caught:
        case(name)
    assert kind in caught.value.why
    assert next_step in caught.value.next_step


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\x0a\xfa\x1f", "a JPEG XL picture"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1", "a camera's raw file"),
        (b"II*\0\x10\0\0\0CR\2\0", "a camera's raw file"),
        (b"IIU\0\x18\0\0\0", "a camera's raw file"),
        (b"IIRO\x08\0\0\0", "a camera's raw file"),
        (b"FUJIFILMCCD-RAW 0201", "a camera's raw file"),
        (b"MM\0*\0\0\0\x08", "a TIFF picture or a camera's raw file"),
        (b"RIFF\0\0\0\0AVI LIST", "a video"),
        (b"\0\0\0\x18ftypqt  \0\0\0\0", "a video"),
        (b"ID3\4\0\0", "a sound"),
        (b"8BPS\0\1", "a Photoshop document"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "a HEIC photo"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "an AVIF picture"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a WEBP picture"),
    ],
)
def test_many_kinds_are_known(head: bytes, kind: str) -> None:
    """By their first bytes."""
    assert description_of(head + bytes(20)) == kind


def test_only_what_can_be_read_has_a_format() -> None:
    """Anything else is described."""
    assert format_of(b"GIF89a") is None
    assert format_of(PHOTO) == "JPEG"


# ---- pictures of this app


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_of_this_app_is_kept_to_the_byte(kind: str) -> None:
    """And nothing that anybody wrote into it."""
    sent = read_image(encoded(gradient(), kind), "a").wire_bytes
    assert read_sent_image(sent, "a").wire_bytes is sent
    end = len(sent) - (12 if kind == "PNG" else 2)
    note = chunk(b"tEXt", b"a\0b") if kind == "PNG" else b"\xff\xfe\0\4ab"
    for altered in (sent[:end] + note + sent[end:], sent[:end]):
        assert read_sent_image(altered, "a").wire_bytes != altered


def test_a_jpeg_that_only_our_own_reading_gets_into_is_made_anew() -> None:
    """Bytes before its first segment, or behind its end: what is kept can be opened as it is."""
    sent = read_image(encoded(gradient(), "JPEG"), "a").wire_bytes
    for altered in (sent[:2] + b"\xff\x01\0\6abcd" + sent[2:], sent + b"behind"):
        kept = read_sent_image(altered, "a")
        assert kept.wire_bytes != altered
        assert kept.display_jpeg(100, 100)
