"""The limit on the pictures that one person has in memory, so that one cannot take everybody's."""

from studio.errors import StudioError


class TooManyPictures(StudioError):
    """A person's open pages hold as many pictures as one may have."""


def check_pictures_held(held: int, most: int) -> None:
    """Let one more picture be read while there are fewer.

    Raises:
        TooManyPictures: there are as many already.
    """
    if held < most:
        return
    raise TooManyPictures(
        "This picture was not taken: too many of yours are open.",
        f"One person may have {most} pictures in memory at a time here, and you have {held}. Each of your "
        "tabs holds its picture and tail frame, those of the draft before, and those that Undo brings back.",
        "Close tabs of this app that you do not need, wait three minutes, and choose it again.",
    )
