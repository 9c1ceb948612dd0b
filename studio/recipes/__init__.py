"""Drafts as files: the autosave, recipes, drafts that were sent, and scripts for elsewhere.

    manifest         a draft as JSON: its records, and how it is written
    manifest_model   the kinds and ranges of the manifest's fields (pydantic), and how it is read
    recipe_file      a recipe: one zip with the manifest and the pictures exactly as sent
    draft_store      the autosave: one folder a person, in the data folder or an object store
    sent_drafts      the draft of each task, to start again from
    export_files     the drawing for other tools: pictures, masks, tracks and an animated drawing
    script_export    "Run it elsewhere": the request, its pictures, and scripts for curl and Python

A recipe of any earlier version opens and gives the same request, byte for byte; it never holds a key.
"""
