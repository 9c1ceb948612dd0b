"""The screen: pieces of pages, each a module with one `show`. Only it, app.py and pages/ import Streamlit.

    main            the frame of every page: navigation, service badge, sign-in
    create/         the Create page: picture, parameters, checks, preview, review, recipes, tour
    canvas/         painting: the canvas, its tools, the list of layers
    tasks/          the Tasks page: cards, kept videos, share links
    settings/       the Settings page: key, models, simulator
    frame/          on every page: the owner, the badge, autosave, a page that outlived its session
    session         the session's record; only here st.session_state is touched
    widget_values   values of the widgets that hold a draft's parameters
    page_fragment   a fragment for what speaks by itself, so that no click is lost for it
    page_message    the message of a page that is older than its session
    runtime         settings and services of the process; only here st.cache_resource is used
    ended_sessions, uploads
                    memory that Streamlit would keep: of sessions and files whose time is over
    problem_box, foreign_text, web_picture
                    errors in words; text and pictures of others
    video_player    videos that play over and over

A run of Streamlit may be ended by a newer one at any touch of the session: things that belong together are
changed at once on the `Session`, and callbacks record a wish that the next run carries out.
"""
