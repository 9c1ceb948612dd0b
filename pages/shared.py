"""One task, for whoever was given its link."""

from components import shared_task

shared_task.show()
