"""A person's tasks, newest first, refreshed by themselves while anything is unfinished."""

from components import session
from components.runtime import services
from components.tasks import disk_warning, follow_form, kept_videos, task_list

follow_form.show()
disk_warning.show()
kept_videos.show(services().artifacts, session.current().owner)
task_list.show()
