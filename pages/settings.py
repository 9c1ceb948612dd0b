"""The key of this session, whom it talks to, and how the simulator behaves."""

from components import session
from components.runtime import services
from components.settings import key_form, models_table, simulator_panel

key_form.show()
endpoint = services().endpoint(session.current().api_key)
models_table.show(endpoint)
simulator_panel.show(endpoint)
