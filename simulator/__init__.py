"""The far end: a server that answers as CometAPI's Kling image-to-video does, and renders with `motion`.

`python -m simulator --port 8900` starts it alone; `simulator.embedded.start` starts it inside another
process. Its checks are an own reading of the API's documentation, independent of the client in `kling`.
"""
