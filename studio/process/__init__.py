"""The process that all sessions share: its logs, its memory, its start.

    log_redaction   keys out of every log record
    memory          freed memory back to the system
    security_headers  what a browser may load into the page, and who may frame it
    startup         start-up again and again until the database is reachable

Knows nothing of tasks, pictures or a screen.
"""
