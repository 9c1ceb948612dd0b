"""The drawing: strokes on a canvas, and from there masks and trajectories at the picture's own resolution.

    model               strokes, layers and speeds, as plain values in canvas_px
    layers, shapes      changes of a whole layer; rectangles and ellipses by numbers
    path_presets        trajectories that need no steady hand
    path_editing        a trajectory reversed, smoothed, moved by its control points
    colour_fill         the area around a point that looks like it, as strokes
    frames              canvas_px, image_px, wire_px: every conversion
    rasterise           strokes → masks; scanlines and mitre_joins do it exactly
    path_motion         a path's shape, direction and extent, for sentences
    part_names          the name of a part: the person's, or its place
    trajectories        a drawn path → at most 77 pixels
    coverage            the area of each layer, for checks
    marking             tints, outlines, paths and dots on a still picture
    arrays              names of arrays and sizes

Pure: no files, no network, no screen. Strokes are hashable, so that masks are cached by them.
"""
