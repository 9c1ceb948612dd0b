"""The cap on one person's unfinished tasks, so that one cannot fill the line, the disk or the database."""

from studio.errors import StudioError


class TooManyTasks(StudioError):
    """A person has as many unfinished tasks as one may have."""


def check_open_tasks(unfinished: int, most: int) -> None:
    """Let one more task pass while there are fewer.

    Raises:
        TooManyTasks: there are as many already.
    """
    if unfinished < most:
        return
    raise TooManyTasks(
        "This task was not sent: too many of yours are unfinished.",
        f"One person may have {most} unfinished task{'s' if most > 1 else ''} at a time here, and you have "
        f"{unfinished}.",
        "Send it once one of them has ended, or take one out of the line on the Tasks page.",
    )
