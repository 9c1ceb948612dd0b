"""Findings on a draft before it is sent: each with its field, its place on the picture and its repairs.

    preflight           all findings on a draft: the contract's (kling.checks) in the screen's words, and ours
    drawing_checks      findings on shapes and paths that the contract does not ask for
    carrier_checks      parts, ends and sentences of a drawing that is sent as a last frame or in words
    model_checks        whether the chosen model lives, and the switch to another one that keeps the drawing
    variant_checks      variants of a draft, each composed and checked for itself
    snap_outline        a rough outline moved to the object
    findings            LocatedFinding, Location and Repair, the records
    repairs             the one-click repairs of findings, from the three tables below
    parameter_repairs   model, mode, duration, texts, tail frame
    picture_repairs     crop, pad, enlarge, save lighter
    drawing_repairs     paint and paths; drawing_fixes holds the pure changes
    illustrations       small pictures of a finding's location and of a repair's result

Everything is pure: a repair takes a draft and gives another one.
"""
