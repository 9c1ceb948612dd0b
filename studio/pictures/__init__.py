"""One picture: opened safely, upright sRGB, re-framed, encoded as it is sent.

    upload_checks     an upload's bytes: kind, size and pixels checked, then decoded
    file_kinds        kinds of files, by their content
    file_parts        a file taken apart: pixels for the decoder, and the notes that change how they are seen;
                      jpeg_parts, png_parts, webp_parts, heif_parts do it
    normalise         any decoded picture to upright 8-bit sRGB; colour_profiles holds the colours
    encode            pixels as the bytes that are sent, at most 10 MB
    source_image      `SourceImage`, the picture that a video starts from; made from an upload by all of these
    picture_limit     the limit on the pictures that one person has in memory
    decoding_queue    two pictures are decoded at once, the others wait in line
    reframe           crops, bars and enlarging, for proportions and sizes that the service takes
    picture_url       the address of a picture, checked
    url_import        a picture from a public URL
    samples           the photographs that ship with the project

Knows nothing of drawings, drafts, requests or a screen.
"""
