"""The guide: examples on sample photographs, the first-time tour, facts about the service.

    examples            paint and paths, in fractions of a photograph's sides
    example_drafts      an example as a draft, as a request, and as a video
    carrier_examples    one drawing as the three carriers send it
    tour                three steps, and the drawing that each would add
    service_facts       facts about paint and paths, from the table that the checks use

Examples are drafts like any other: what the guide shows is composed, checked and rendered as a person's own.
"""
