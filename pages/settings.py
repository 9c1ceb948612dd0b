"""The key of this session, and whom it talks to."""

from components import key_form

key_form.show()
