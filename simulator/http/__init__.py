"""HTTP: the API's routes, the control prefix, and the document of both.

    app               the ASGI application, with its lifespan
    routes            create, query, list and download, each open to faults
    control           `/_control`: settings, faults and the log of a simulator that runs
    openapi           `/openapi.json`, made from the tables that are answered from
    openapi_schemas   its objects, as models

Reads requests and writes answers; decides nothing.
"""
