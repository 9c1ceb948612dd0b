"""The cap on one person's unfinished tasks, so that one cannot fill the line, the disk or the database."""

from studio.errors import StudioError


class TooManyTasks(StudioError):
    """A person has as many unfinished tasks as one may have."""


def check_open_tasks(unfinished: int, most: int, *, is_followed: bool = False, new: int = 1) -> None:
    """Let more tasks pass while there is room for all of them.

    Args:
        unfinished: those that there are.
        most: as many as there may be.
        is_followed: the new one was made elsewhere, and is taken up rather than sent.
        new: how many come together.

    Raises:
        TooManyTasks: there is no room.
    """
    if unfinished + new <= most:
        return
    not_done, do_it = ("taken up", "Follow") if is_followed else ("sent", "Send")
    limit = (
        f"One person may have {most} unfinished task{'s' if most > 1 else ''} at a time here, and you have"
    )
    if new > 1:
        raise TooManyTasks(
            f"None of these {new} tasks was sent: too many of yours would be unfinished.",
            f"{limit} {unfinished}.",
            "Send fewer, or send them once others have ended.",
        )
    raise TooManyTasks(
        f"This task was not {not_done}: too many of yours are unfinished.",
        f"{limit} {unfinished}.",
        f"{do_it} it once one of them has ended, or take one out of the line on the Tasks page.",
    )
