"""Pieces of the gallery and of the pages of single tasks, and the page of a shared link.

    task_card       one task: picture or video, state, and the ways to go on
    kept_video      the player of a kept video
    task_actions    decisions that are a person's
    video_by_hand   the link of a video that could not be fetched, and the upload of the file
    follow_form     a task made elsewhere, by its id
    kept_videos     room taken, pins, removal
    share_button, shared_task
                    a link to one task, and its page
    disk_warning    a disk that may vanish

They read the database and never ask the service, but for a task that is followed by its id.
"""
