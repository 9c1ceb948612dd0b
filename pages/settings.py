"""The key of this session, whom it talks to, and how the simulator behaves."""

from components import key_form, session, simulator_panel
from components.runtime import services

key_form.show()
simulator_panel.show(services().far_end(session.current().api_key))
