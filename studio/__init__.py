"""The product without a screen, in rooms. An import leads down, never up and never along a line of rooms.

    services        the composition root: everything made from `Settings`, and closed

    guide           worked examples, the tour, facts of the service

    tasks           a task from submit to kept
    recipes         drafts as files: autosave, recipe, scripts
    preview         moving and still pictures of a request
    checks          findings on a draft, each with its place, its reason and its repairs

    service         endpoint, keys, the simulator's controls
    files           videos and inputs, on a folder or S3
    request         a draft as a request, and back

    journal         the database: requests, and what is known of them
    pictures        one picture, from an upload to the bytes that are sent

    drawing         a person's paint, from the canvas to masks and trajectories
    process         logs, memory, start-up
    owners          owners of drafts and tasks
    guarded_http    one guarded, bounded GET

    settings        the deployment's settings, from the environment or the secrets

    errors          the tree of errors that a person reads
    ip_addresses    IP addresses: public, inside a network, or a stand-in
    kept_results    results that take long to make, kept for a while

Each room's page is the docstring of its package. Knows nothing of Streamlit.
"""
