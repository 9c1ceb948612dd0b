"""The list of layers: contents of each, the one that the brush paints on, and actions on a whole layer."""

import base64
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from components import layer_colours, session
from components.canvas import toolbar
from studio.drawing.layers import LayerSummary, layer_summary, listed_layers, next_free_layer, thumbnail_jpeg
from studio.drawing.model import MOTION_LAYERS, Drawing, Layer

THUMBNAIL_BOX_PX = (48, 36)
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
    """Show a card a layer, whose name chooses it on a click, and the menu of actions on layers."""
    current = session.current()
    with st.container(gap="xsmall", key="layers"):
        for layer in listed_layers(drawing, current.layer):
            _card(drawing, layer, picture_jpeg)
        full = st.button("Add a moving part", icon=":material/add:", type="tertiary", on_click=_add)
        _menu(drawing, current.layer)
        if current.replaced and len(drawing.strokes) == current.strokes_put:
            st.button(
                "Undo last change", icon=":material/undo:", type="tertiary", on_click=session.undo_change
            )
    if current.hidden_layers:
        st.caption("Hidden layers are kept and sent too.")
    if full and next_free_layer(drawing, current.layer) is None:
        st.warning(
            "All six moving parts are in use: the service takes no more in one video. "
            "Clear one, or paint two things that go the same way on one layer."
        )


def _card(drawing: Drawing, layer: Layer, picture_jpeg: bytes) -> None:
    current = session.current()
    with st.container(
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
                _name(layer, chosen=layer is current.layer),
                key=f"choose-{layer.value}",
                type="tertiary",
                on_click=_choose,
                args=(layer,),
            )
            hidden = "hidden · " if layer in current.hidden_layers else ""
            st.caption(f"{hidden}{_contents(layer_summary(drawing, layer))}")
            _part_name(drawing, layer, chosen=layer is current.layer)


def _part_name(drawing: Drawing, layer: Layer, *, chosen: bool) -> None:
    """Show the name of a layer's part; of the layer in hand as a field to write it in."""
    name = drawing.name(layer)
    if not chosen:
        if name:
            st.text(name)  # as it was typed: no Markdown
        return
    key = f"part-name-{layer.value}"
    if session.get(key) != name:
        session.put(key, name)
    st.text_input(
        f"Name of {layer.label}",
        key=key,
        placeholder="name it: the boat",
        label_visibility="collapsed",
        on_change=_take_name,
        args=(layer, key),
    )


def _take_name(layer: Layer, key: str) -> None:
    current = session.current()
    if current.drawing is not None:
        current.drawing = current.drawing.with_name(layer, session.get(key) or "")


def _thumbnail(jpeg: bytes, height_to_width: float) -> None:
    """Show a thumbnail, not by st.image: its full-screen button would lie over so small a picture."""
    data = base64.b64encode(jpeg).decode("ascii")
    width, height = THUMBNAIL_BOX_PX
    # With its size named, nothing beside it moves when the picture comes.
    scale = min(width, height / height_to_width)
    size = f'width="{round(scale)}" height="{round(scale * height_to_width)}"'
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


def choose(current: session.Session, layer: Layer) -> None:
    """Make a layer the one that the brush paints on; a hidden one is shown."""
    current.layer = layer
    if layer in current.hidden_layers:
        _hide_all_of(current, current.hidden_layers - {layer})


def _name(layer: Layer, *, chosen: bool) -> str:
    icon = "radio_button_checked" if chosen else "radio_button_unchecked"
    name = f"**{layer.label}**" if chosen else layer.label
    return f":{layer_colours.NAME[layer]}[:material/{icon}:] {name}"


def _contents(found: LayerSummary) -> str:
    if not found.share and not found.path_share_of_width:
        return "empty"
    painted = f"{found.share:.1%}" if found.share else "no paint"
    if found.layer is Layer.STATIC:
        return f"{painted} stays still"
    path = f"path of {found.path_share_of_width:.0%}" if found.path_share_of_width else "no path yet"
    return f"{painted}, {path}"


def _actions(drawing: Drawing, layer: Layer) -> tuple[str, ...]:
    """Actions that make sense for this layer now."""
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
    current = session.current()
    hidden_after: dict[str, frozenset[Layer]] = {
        HIDE: current.hidden_layers | {layer},
        SOLO: frozenset(Layer) - {layer},
        SHOW_ALL: frozenset(),
    }
    changes: dict[str, Callable[[Drawing, Layer], None]] = {
        DUPLICATE: lambda drawing, at: _duplicate(current, drawing, at),
        UP: lambda drawing, at: _move(current, drawing, at, -1),
        DOWN: lambda drawing, at: _move(current, drawing, at, +1),
        CLEAR: lambda drawing, at: current.redraw(drawing.without_layer(at)),
        CLEAR_ALL: lambda drawing, _: current.redraw(replace(drawing, strokes=())),
    }
    if action in hidden_after:
        _hide_all_of(current, hidden_after[action])
    elif action in changes and current.drawing is not None:
        changes[action](current.drawing, layer)


def _hide_all_of(current: session.Session, hidden: frozenset[Layer]) -> None:
    current.hidden_layers = hidden
    if current.layer in hidden:
        # One paints only on what one sees.
        current.layer = next((layer for layer in Layer if layer not in hidden), current.layer)
    current.remount()


def _duplicate(current: session.Session, drawing: Drawing, layer: Layer) -> None:
    free = next_free_layer(drawing, layer)
    if free is not None:
        current.redraw(drawing.duplicated(layer, free))
        choose(current, free)


def _move(current: session.Session, drawing: Drawing, layer: Layer, step: int) -> None:
    other = Layer(layer + step)
    current.redraw(drawing.swapped(layer, other))
    choose(current, other)


def _add() -> None:
    current = session.current()
    free = MOTION_LAYERS[0] if current.drawing is None else next_free_layer(current.drawing, current.layer)
    if free is not None:
        choose(current, free)
        session.put(toolbar.TOOL, toolbar.BRUSH)  # a new part is painted first
