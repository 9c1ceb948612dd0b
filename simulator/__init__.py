"""A service that answers as CometAPI's Kling image-to-video does, and renders with `motion`.

    http        the routes of the API and of the control prefix, and their OpenAPI document
    service     creates in, tasks out, without HTTP
    faults      failures on demand, callbacks, the words of the control prefix
    engine      tasks: their progress, their files, their videos
    contract    the API's documentation as it was read here: limits, checks, refusals, pictures

`python -m simulator --port 8900` starts it alone; `simulator.embedded.start` inside another process. It
shares nothing with the client in `kling`: both read the documentation for themselves, and the contract tests
hold the two readings together. docs/simulator.md says how sure each row of it is.
"""
