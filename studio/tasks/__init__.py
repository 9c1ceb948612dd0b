"""A task from the click to the kept video.

    task_service     the calls of the pages: submit, follow, list, and the choices of a person
    variants         a batch of tasks that are sent together: ids, tokens, the sum
    task_view        a task as its card shows it, with those choices
    gallery          a person's tasks page by page, and one with its relatives
    history          a task's times step by step
    shared_task      a task as a visitor with its link sees it
    steps            one step at a time: send, resolve, look, fetch
    schedule         the next step of each state, and when it is due
    find_task        finding a task at the service by its ids
    runner           DBOS: durable workflows that run the steps
    recovery         starts what no workflow runs
    takeover         frees the workflows of dead processes, where several share a database
    callback_urls    the address at which the service may call back about a task
    error_messages   the service's errors in words for a person

    click ─▶ task_service ─▶ journal (INTENT, with all for its recipe) ─▶ runner ─▶ steps ─▶ service, files
                                 ▲                                                    │
             page ◀─ task_view ──┴────────────────────────── the outcome of each ◀────┘

No task may be paid twice, or paid and lost. A create leaves only after its entry was claimed; an unclear
end is resolved by evidence, never by a guess; a step may be run again after a crash. Pages read the journal
and never call the service, so that viewers cost nothing.
"""
