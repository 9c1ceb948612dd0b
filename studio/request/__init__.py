"""The request: composed from a draft exactly as it will be sent, and decoded from that text again.

    draft               picture, drawing and parameters of one video in the making
    model_options       what each model offers, and in words why not the rest
    carriers            by masks, as a last frame, or in words: which a model takes, and which is taken
    words               the drawing in sentences after the prompt
    prompt_phrases      phrases for a prompt by one click: camera and pace
    last_frame          the picture in which every part has arrived, to be sent as a tail frame
    frame_quality       how good that frame is, by numbers
    compose             draft → request
    decode              request → pictures, masks and paths, as the service will read them
    variants            a draft on several models, modes, carriers and prompts
    external_ids        the caller's own id of a task: new, kept, or replaced once spent

Preview and review show what `decode` reads, never the draft: one sees what the service receives.
"""
