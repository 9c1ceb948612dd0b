"""The error of everything that is made of kept videos."""

from studio.errors import StudioError


class FilmProblem(StudioError):
    """Nothing could be made of a kept video."""


def unreadable(why: str) -> FilmProblem:
    """The problem of a video that cannot be read."""
    return FilmProblem("This video cannot be read.", why, "Play it; if it does not play, make it anew.")
