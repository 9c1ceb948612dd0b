"""Tasks: how they go on, where they are kept, and how their videos are made.

tasks, pace       a task's status follows from its record and the clock alone
task_store        the tasks in memory, bounded; a create is in its file before it is answered
task_files        one JSON file a task
earlier_version   the SQLite file of earlier versions, read once
folder            the folder of all this, used by one process at a time
pipeline          pictures fetched, a few videos rendered at a time
scene             from a create to the renderer's request
motion_renderer   the one module that knows `motion`
answers           the bodies that are answered
request_log       the last thousand requests
"""
