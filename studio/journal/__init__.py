"""The database: each task that was to be sent, what is known of it, and what a deployment remembers.

                      ┌─────── back in its queue ────────┐
                      ▼                                  │
    INTENT ──claim──▶ SENDING ──settle──▶ ACCEPTED ──▶ RUNNING ──▶ SUCCEEDED ──▶ KEPT
      ▲                  ├────────────▶ REJECTED          └──────▶ FAILED
      │                  └────────────▶ UNKNOWN ◀──look again── NEEDS_PERSON
      │                                  │ │ └───ask person───────▲  │
      └────── proven absent, or "I checked, send again" ◀────────────┘   "forget it" → FORGOTTEN

    entry            one task: its states and their transitions, and the records
    journal          every change, each a compare-and-swap in one transaction
    queries          the reads
    marks            a person's name and star for a task, and that its end was seen
    gallery          a person's tasks page by page, filtered; those that belong together
    create_outcome   rules: the meaning of a create call's end, and when a missing task may be sent again
    queue_stops      queues that stand still, since an account refuses everything
    spending_cap     rules: how much one person may spend in a day
    unseen           ends that their owner has not seen yet
    ledger           what was spent, by day, model, key and person; ledger_csv, key_colours
    share_links      links that show one task
    deployment       named values and process heartbeats of a deployment
    schema, rows, request_json, database, migrations/   the tables, and how they are read and written

Who may write: `journal` alone writes entries; `studio/files` writes the rows of kept files, but those of
what is sent are written with their entry. A state changes only from the state and version that the writer
has read, so that of two writers one is told to read again. The database refuses what must not be: two
entries of one click or one external id, a state without its evidence, a task id on an entry that could be
sent again. Columns and values keep the names of the first version; an earlier database is upgraded at
start.

Knows nothing of keys (only of their fingerprints), of how a task is run, or of a screen.
"""
