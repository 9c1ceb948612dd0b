"""The Create page, in the order of its columns.

    picture_column, picture_picker   the picture: chosen, then painted on
    prompt_phrases                   camera and pace as chips that become words of the prompt
    parameters, carrier              the request's fields, and the way a drawing is sent
    tail_frame                       the last frame
    findings, check_and_send         findings at their fields with repairs, and the way to the review
    review_dialog                    the request once more, its price, and Send
    variants, sending                several variants reviewed and sent as one; the click that sends
    preview_panel    the directions, moving
    recipe_menu                      the draft as a file
    tour                             three steps for a newcomer

Nothing is sent but from the review; a send has one token, so that reruns and double clicks are one task.
"""
