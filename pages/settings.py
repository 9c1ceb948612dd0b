"""The key of this session, whom it talks to, and how the simulator behaves."""

from components import session
from components.runtime import services
from components.settings import key_form, simulator_panel

key_form.show()
simulator_panel.show(services().endpoint(session.current().api_key))
