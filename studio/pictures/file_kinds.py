"""Kinds of files by their content, whatever their names end in. Pure."""

READABLE = ("JPEG", "PNG", "WEBP", "AVIF", "HEIC")
"""Formats that are read as pictures; a HEIF picture of any coding counts as HEIC."""

_ANY_BRANDS = {b"mif1", b"msf1", b"miaf"}  # of either coding
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"} | _ANY_BRANDS
_AVIF_BRANDS = {b"avif", b"avis"}
_SIGNATURES = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"))
_CALLED = {"HEIC": "a HEIC photo", "AVIF": "an AVIF picture"}

# (beginning, where it stands, what it is)
_OTHERS = (
    (b"GIF8", 0, "a GIF"),
    (b"BM", 0, "a BMP picture"),
    (b"\xff\x0a", 0, "a JPEG XL picture"),
    (b"JXL \r\n\x87\n", 4, "a JPEG XL picture"),
    (b"ftypjxl ", 4, "a JPEG XL picture"),
    (b"jP  \r\n\x87\n", 4, "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", 0, "a JPEG 2000 picture"),
    (b"8BPS", 0, "a Photoshop document"),
    (b"\0\0\1\0", 0, "an icon"),
    (b"gimp xcf", 0, "a GIMP document"),
    (b"\x76\x2f\x31\x01", 0, "an OpenEXR picture"),
    (b"#?RADIANCE", 0, "an HDR picture"),
    (b"II*\0\x10\0\0\0CR", 0, "a camera's raw file"),
    (b"ftypcrx ", 4, "a camera's raw file"),
    (b"IIU\0", 0, "a camera's raw file"),
    (b"IIR", 0, "a camera's raw file"),
    (b"FUJIFILMCCD-RAW", 0, "a camera's raw file"),
    (b"FOVb", 0, "a camera's raw file"),
    (b"\0MRM", 0, "a camera's raw file"),
    (b"II*\0", 0, "a TIFF picture or a camera's raw file"),
    (b"MM\0*", 0, "a TIFF picture or a camera's raw file"),
    (b"%PDF", 0, "a PDF document"),
    (b"%!PS", 0, "a PostScript document"),
    (b"PK\x03\x04", 0, "a ZIP archive or an office document"),
    (b"\x1f\x8b", 0, "a packed file"),
    (b"7z\xbc\xaf", 0, "a packed file"),
    (b"Rar!", 0, "a packed file"),
    (b"WAVE", 8, "a sound"),
    (b"AVI ", 8, "a video"),
    (b"ID3", 0, "a sound"),
    (b"\xff\xfb", 0, "a sound"),
    (b"OggS", 0, "a sound"),
    (b"fLaC", 0, "a sound"),
    (b"ftypM4A ", 4, "a sound"),
    (b"ftyp", 4, "a video"),
    (b"\x1a\x45\xdf\xa3", 0, "a video"),
    (b"<svg", 0, "an SVG drawing"),
)
_TEXT_CONTROLS = b"\t\n\r\f"


def format_of(data: bytes) -> str | None:
    """One of `READABLE`; None for any other file."""
    for beginning, name in _SIGNATURES:
        if data.startswith(beginning):
            return name
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    brand = data[8:12] if data[4:8] == b"ftyp" else b""
    if brand in _AVIF_BRANDS or (brand in _ANY_BRANDS and _is_compatible(data, _AVIF_BRANDS)):
        return "AVIF"
    return "HEIC" if brand in _HEIC_BRANDS else None


def description_of(data: bytes) -> str | None:
    """The kind of a file in a few words, such as "a GIF"; None when it is not known."""
    readable = format_of(data)
    if readable:
        return _CALLED.get(readable, f"a {readable} picture")
    for beginning, at, description in _OTHERS:
        if data.startswith(beginning, at):
            return description
    return "text" if _is_text(data) else None


def _is_compatible(data: bytes, brands: set[bytes]) -> bool:
    """Whether an ISO base media file names one of these among its compatible brands."""
    size = min(int.from_bytes(data[:4], "big"), 256)
    return any(data[at : at + 4] in brands for at in range(16, size, 4))


def _is_text(data: bytes) -> bool:
    head = data[:512]
    if any(byte < 32 and byte not in _TEXT_CONTROLS for byte in head):
        return False
    try:
        head.decode("utf-8", errors="strict" if len(data) <= len(head) else "ignore")
    except UnicodeDecodeError:
        return False
    return sum(byte < 128 for byte in head) > len(head) / 2
