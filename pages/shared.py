"""One task, for a visitor who was given its link."""

from components.tasks import shared_task

shared_task.show()
