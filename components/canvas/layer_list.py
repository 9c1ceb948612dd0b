"""The layers: what is on each, which one the brush paints on, and what can be done with a whole layer."""

import base64
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from components import layer_colours, session
from studio.drawing.layers import LayerSummary, layer_summary, listed_layers, next_free_layer, thumbnail_jpeg
from studio.drawing.model import MOTION_LAYERS, Drawing, Layer

CARD_WIDTH_PX = 192
THUMBNAIL_WIDTH_PX = 56
HIDE, SOLO, SHOW_ALL = "Hide", "Show only this", "Show all"
DUPLICATE, UP, DOWN, CLEAR, CLEAR_ALL = "Duplicate", "Move up", "Move down", "Clear", "Clear all layers"
_ICONS = {
    HIDE: "visibility_off",
    SOLO: "center_focus_strong",
    SHOW_ALL: "select_all",
    DUPLICATE: "content_copy",
    UP: "arrow_upward",
    DOWN: "arrow_downward",
    CLEAR: "delete",
    CLEAR_ALL: "delete_sweep",
}


def show(drawing: Drawing, picture_jpeg: bytes) -> None:
    """A card a layer; a click on its name chooses it. Then what can be done with layers."""
    own = session.current()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="layers"):
        for layer in listed_layers(drawing, own.layer):
            _card(drawing, layer, picture_jpeg)
        full = st.button("Add a moving part", icon=":material/add:", type="tertiary", on_click=_add)
        _menu(drawing, own.layer)
        if own.drawings_before and len(drawing.strokes) == own.strokes_put:
            st.button("Take back", icon=":material/undo:", type="tertiary", on_click=session.take_back)
    if own.hidden_layers:
        st.caption("What is hidden is kept, and sent all the same.")
    if full and next_free_layer(drawing, own.layer) is None:
        st.warning(
            "All six moving parts are in use: the service takes no more in one video. "
            "Clear one, or paint two things that go the same way on one layer."
        )


def _card(drawing: Drawing, layer: Layer, picture_jpeg: bytes) -> None:
    own = session.current()
    with st.container(
        width=CARD_WIDTH_PX,
        horizontal=True,
        vertical_alignment="center",
        gap="small",
        wrap=False,
        key=f"layer-{layer.value}",
    ):
        jpeg = thumbnail_jpeg(
            picture_jpeg, drawing.of(layer), drawing.canvas_size_px, layer_colours.RGB[layer]
        )
        _thumbnail(jpeg, drawing.canvas_height_px / drawing.canvas_width_px)
        with st.container(gap=None):
            st.button(
                _name(layer, chosen=layer is own.layer),
                key=f"choose-{layer.value}",
                type="tertiary",
                on_click=_choose,
                args=(layer,),
            )
            hidden = "hidden · " if layer in own.hidden_layers else ""
            st.caption(f"{hidden}{_words(layer_summary(drawing, layer))}")


def _thumbnail(jpeg: bytes, height_to_width: float) -> None:
    """Not as st.image: its button for the full screen would lie over so small a picture."""
    data = base64.b64encode(jpeg).decode("ascii")
    width = THUMBNAIL_WIDTH_PX
    # With its height named, nothing below moves when the picture comes.
    size = f'width="{width}" height="{round(width * height_to_width)}"'
    st.html(f'<img src="data:image/jpeg;base64,{data}" alt="" {size}>', width=width)


def _menu(drawing: Drawing, layer: Layer) -> None:
    st.menu_button(
        f"Change {layer.label}",
        _actions(drawing, layer),
        key="layer-menu",
        type="tertiary",
        icon=":material/layers:",
        format_func=lambda action: f":material/{_ICONS[action]}: {action}",
        on_click=_act,
        args=(layer,),
    )


def _choose(layer: Layer) -> None:
    choose(session.current(), layer)


def choose(own: session.Session, layer: Layer) -> None:
    """Makes a layer the one that the brush paints on; a hidden one is shown."""
    own.layer = layer
    if layer in own.hidden_layers:
        _look_at(own, own.hidden_layers - {layer})


def _name(layer: Layer, *, chosen: bool) -> str:
    icon = "radio_button_checked" if chosen else "radio_button_unchecked"
    name = f"**{layer.label}**" if chosen else layer.label
    return f":{layer_colours.NAME[layer]}[:material/{icon}:] {name}"


def _words(found: LayerSummary) -> str:
    if not found.share and not found.path_share_of_width:
        return "empty"
    painted = f"{found.share:.1%}" if found.share else "no paint"
    if found.layer is Layer.STATIC:
        return f"{painted} stays still"
    path = f"path of {found.path_share_of_width:.0%}" if found.path_share_of_width else "no path yet"
    return f"{painted}, {path}"


def _actions(drawing: Drawing, layer: Layer) -> tuple[str, ...]:
    """What makes sense for this layer now."""
    hidden = session.current().hidden_layers
    look = (HIDE, SOLO, *((SHOW_ALL,) if hidden else ()))
    clear_all = (CLEAR_ALL,) if any(other is not layer for other in drawing.layers_used) else ()
    if not drawing.of(layer):
        return (*look, *clear_all)
    up = (UP,) if layer > Layer.MOTION_1 else ()
    down = (DOWN,) if Layer.STATIC < layer < Layer.MOTION_6 else ()
    return (*look, DUPLICATE, *up, *down, CLEAR, *clear_all)


def _act(layer: Layer) -> None:
    action = session.get("layer-menu")
    own = session.current()
    looks: dict[str, frozenset[Layer]] = {
        HIDE: own.hidden_layers | {layer},
        SOLO: frozenset(Layer) - {layer},
        SHOW_ALL: frozenset(),
    }
    changes: dict[str, Callable[[Drawing, Layer], None]] = {
        DUPLICATE: lambda drawing, at: _duplicate(own, drawing, at),
        UP: lambda drawing, at: _move(own, drawing, at, -1),
        DOWN: lambda drawing, at: _move(own, drawing, at, +1),
        CLEAR: lambda drawing, at: own.redraw(drawing.without_layer(at)),
        CLEAR_ALL: lambda drawing, _: own.redraw(replace(drawing, strokes=())),
    }
    if action in looks:
        _look_at(own, looks[action])
    elif action in changes and own.drawing is not None:
        changes[action](own.drawing, layer)


def _look_at(own: session.Session, hidden: frozenset[Layer]) -> None:
    own.hidden_layers = hidden
    if own.layer in hidden:
        # One paints only on what one sees.
        own.layer = next((layer for layer in Layer if layer not in hidden), own.layer)
    own.remount()


def _duplicate(own: session.Session, drawing: Drawing, layer: Layer) -> None:
    free = next_free_layer(drawing, layer)
    if free is not None:
        own.redraw(drawing.duplicated(layer, free))
        choose(own, free)


def _move(own: session.Session, drawing: Drawing, layer: Layer, step: int) -> None:
    other = Layer(layer + step)
    own.redraw(drawing.swapped(layer, other))
    choose(own, other)


def _add() -> None:
    own = session.current()
    free = MOTION_LAYERS[0] if own.drawing is None else next_free_layer(own.drawing, own.layer)
    if free is not None:
        choose(own, free)
