"""Findings on a request: what the service would refuse, and what one should know before paying.

    check           all findings on a request
    check_pictures  the image and the tail frame; base64_picture and sizes read their headers
    check_masks     static and dynamic masks, trajectories
    extra_fields    a typed JSON object of fields that CometAPI's page does not list
    finding         the record of one finding

The limits themselves are data in kling.rules. Nothing is decoded and nothing is sent.
"""
