"""The cap on one person's unfinished tasks, so that one cannot fill the line, the disk or the database."""

from studio.errors import StudioError


class TooManyTasks(StudioError):
    """A person has as many unfinished tasks as one may have."""


def check_open_tasks(unfinished: int, most: int, *, is_followed: bool = False) -> None:
    """Let one more task pass while there are fewer.

    Args:
        unfinished: those that there are.
        most: as many as there may be.
        is_followed: the new one was made elsewhere, and is taken up rather than sent.

    Raises:
        TooManyTasks: there are as many already.
    """
    if unfinished < most:
        return
    not_done, do_it = ("taken up", "Follow") if is_followed else ("sent", "Send")
    raise TooManyTasks(
        f"This task was not {not_done}: too many of yours are unfinished.",
        f"One person may have {most} unfinished task{'s' if most > 1 else ''} at a time here, and you have "
        f"{unfinished}.",
        f"{do_it} it once one of them has ended, or take one out of the line on the Tasks page.",
    )
