"""Files of the tasks: pictures that were sent and videos that came, in a folder or on S3.

    storage             a folder or an object store: a file is whole under its name, or it is not there
    artifact            one kept file: its kind, its name, its checksum
    artifact_store      `ArtifactStore`: files with their rows in the database
    video_download      a finished video from the service, whole and playable
    result_address      where the service says that a video is: made whole, and judged
    unexpected_answer   words for what came instead of a video
    video_urls          addresses from which a browser plays kept videos off the disk
    video_zip           several kept videos as one file, packed on the disk
    video_by_hand       a video that its owner fetched and uploads, checked
    retention           the time that videos stay, and the words for it
    size_limits         limits of what a place keeps, and the files to remove

Is handed the key that a service's own address wants; knows nothing of whose it is, of how a task is run, or
of a screen.
"""
