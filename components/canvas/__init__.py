"""Painting on the picture.

    drawing_canvas    strokes in, strokes out; no Fabric JSON leaves this room
    fabric_widget, fabric_json, fabric_geometry
                      the drawable canvas's front end, its JSON, and the geometry of its objects
    canvas_styling    fits the canvas to the screen, with canvas_styling.js in its shadow root
    toolbar           brush, eraser, shapes, fill, path
    layer_list        layers, and actions on a whole one
    path_tool, path_points, path_handles
                      a trajectory by points, presets, numbers, and handles on the picture
    path_marks        halo, arrow head and number of each path (path_marks.js)
    sharp_picture     the picture with the screen's pixels, under the paint (sharp_picture.js)
    pointer_rules     one button paints, fingers draw shapes (pointer_rules.js)
    point_clicks      clicks and taps on the picture, for the tools that take points (point_clicks.js)
    shape_fields, colour_fill_tool
                      shapes by numbers; fill by colour

Coordinates are canvas pixels (`canvas_px`); numbers that a person types are the picture's (`image_px`).
A new `canvas_revision` makes the canvas anew; a stroke's colour carries its layer and kind.
"""
