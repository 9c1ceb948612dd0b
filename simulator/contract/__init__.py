"""The API's documentation as it was read here, without a glance at the client in `kling`.

    documented        limits and capabilities as data, each with its source
    catalogue         the public list of models
    read_create       from a JSON body to a create, or a refusal
    fields            single fields of a body
    create_request    a create whose fields are in order
    refusals          the documented ways to say no, as one table
    pictures          JPEG and PNG, opened safely
    fetch, outgoing   pictures by URL and callbacks: guarded addresses, bounded size and time
    video_urls        signed URLs that expire

Where CometAPI's page and Kling's reference differ, the stricter one stands.
"""
