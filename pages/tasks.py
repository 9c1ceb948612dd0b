"""The session's tasks, newest first, refreshed by themselves while anything is unfinished."""

from components import follow_form, task_list

follow_form.show()
task_list.show()
