"""The gallery of a person's tasks, and a task's own page.

    gallery       one page of posters, watched while anything may change
    filters       which tasks: by state, words, model, way of sending, star, days, batch
    address       what the page's address names: one task, or a batch
    short_card    one task in the grid: poster, name, state
    selection     several tasks at once: star, put aside, download, remove, compare
    task_page     everything that is known of one task, for its owner
    sent_parts    what was sent: picture, drawing, words, parameters
    history       times step by step, price, files
    relatives     what it continues, what continues it, what was sent with it

They read the database alone. The watch draws nothing but the times that go on: the page is drawn anew when
something on it has changed.
"""
