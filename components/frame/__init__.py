"""The frame of every page: whose it is, whom it talks to, and its draft.

    service_badge    the service in use; the simulator is always labelled as one
    sign_in          the session's owner: a login, otherwise the browser
    browser_id       the browser's id, kept in its local storage (browser_id.js)
    lost_key         a typed key that went with its session (lost_key.js)
    draft_autosave   the draft is kept with every change, and comes back for its owner
    look.css         the look of every page, and the places of the Create page
    done_signs       the title counts what is done, toasts and notifications lead to it (done_signs.js)
    resumption       clicks and text of a page that outlived its session count in the new one

A new session knows no owner. It offers an id; the browser answers with the one that it keeps, and the
session becomes that owner's. A page that is older than its session (the server was restarted) brings the
answer along.
"""
