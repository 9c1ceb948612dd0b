"""A person's tasks as posters, or one of them whole."""

from components import session
from components.gallery import address, gallery, task_page
from components.runtime import services
from components.tasks import disk_warning, follow_form, kept_videos

if entry_id := address.task():
    task_page.show(entry_id)
else:
    disk_warning.show()
    gallery.show()
    follow_form.show()
    kept_videos.show(services().artifacts, session.current().owner)
