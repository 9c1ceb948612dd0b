"""Previews of a request, before anything is paid: a short video and a still.

    render              the request's directions as a looping two-second MP4, by motion/
    annotations         outlines, paths and dots that go with the parts
    sprites             small drawings for many frames
    still               the picture with masks and paths, for the review
    jobs                previews in line, made beside the page, so many of one person
    cache               an LRU cache that computes one value at a time

A preview depends on pictures, masks, points and colours alone, so that typing a prompt renders nothing.
"""
