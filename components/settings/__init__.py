"""The Settings page.

    key_form          a key of a person's own, in this session's memory only
    models_table      the models of the service, and the facts on each
    simulator_panel   pace and failures of the simulator

What is set for the simulator holds for all of its users; a key holds for its session.
"""
