"""The product without a screen, in rooms; an arrow of imports never leads up, nor along a line.

    services                                  the composition root: everything made from `Settings`, and closed
    guide                                     worked examples, the tour, facts of the service
    tasks   recipes   preview   checks        a task from submit to kept; drafts as files; moving and still
                                              pictures of a request; findings on a draft and their repairs
    service   files   request                 endpoint, keys and the simulator's controls; videos and inputs on
                                              a folder or S3; a draft as a request, and back
    journal   pictures                        the database; one picture, from an upload to the bytes sent
    drawing   process   owners   guarded_http
                                              paint, from the canvas to masks and trajectories; logs, memory and
                                              start; owners of drafts and tasks; one guarded, bounded GET
    settings                                  the deployment's settings, from the environment or the secrets
    errors                                    the tree of errors that a person reads

Each room's page is the docstring of its package. Knows nothing of Streamlit; imports `kling` and `motion`, and
the simulator in `services` alone.
"""
