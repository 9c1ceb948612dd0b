"""When an external task id is spent, and what a draft keeps of one. Pure.

An id names one task for good. One whose sending a crash cut short is not spent: sent once more, it is refused
by the service instead of being paid twice.
"""

from dataclasses import replace

from studio.request.draft import Draft


def without_external_id(draft: Draft) -> Draft:
    """The draft without its external task id, which names another task already; it will get its own."""
    return replace(draft, parameters=replace(draft.parameters, external_task_id=""))


def with_unspent_id(draft: Draft, *, is_sent: bool) -> Draft:
    """A kept draft as it is taken in hand again.

    Args:
        draft: as it was kept.
        is_sent: whether its owner has a task with its external task id.
    """
    return without_external_id(draft) if is_sent else draft


def needs_new_id(typed: str | None, sent_last: str | None) -> bool:
    """Whether the field of the external task id gets a new one.

    Args:
        typed: what the field holds; None before it was ever drawn.
        sent_last: the id that was sent last from this field, None when it has been replaced since.
    """
    return typed is None or typed == sent_last
