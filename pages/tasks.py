"""A person's tasks, newest first, refreshed by themselves while anything is unfinished."""

from components import disk_warning, follow_form, kept_videos, session, task_list
from components.runtime import services

follow_form.show()
disk_warning.show()
kept_videos.show(services().artifacts, session.current().owner)
task_list.show()
