"""One picture: opened safely, upright sRGB, re-framed, encoded as it is sent.

    upload_checks   an upload's bytes: type, size and pixels checked, then decoded
    normalise       any decoded picture to upright 8-bit sRGB
    encode          pixels as the bytes that are sent, at most 10 MB
    source_image    `SourceImage`, the picture that a video starts from; made from an upload by all of these
    reframe         crops, bars and enlarging, for proportions and sizes that the service takes
    url_import      a picture from a public URL
    samples         the photographs that ship with the project

Knows nothing of drawings, drafts, requests or a screen.
"""
