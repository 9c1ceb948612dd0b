"""A ring of the brush's size at the pointer.

The canvas has a cross for a pointer and no setting for it, so that its cursor is styled from outside, in its
own shadow root. Where that finds no canvas, the cross stays and nothing else changes.
"""

import streamlit as st

_SCRIPT = """
const NAME = 'brush-ring';
const LONGEST_WAIT_MS = 10000;

function canvasRoots() {
  const hosts = [...document.querySelectorAll('*')].filter((each) => each.shadowRoot);
  return hosts.map((host) => host.shadowRoot).filter((root) => root.querySelector('canvas.upper-canvas'));
}

function cursor(width) {
  const side = width + 4, middle = side / 2, radius = width / 2;
  const circle = (colour, thick) =>
    `<circle cx="${middle}" cy="${middle}" r="${radius}" fill="none" ` +
    `stroke="${colour}" stroke-width="${thick}"/>`;
  const rings = circle('black', 3) + circle('white', 1.5);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${rings}</svg>`;
  const url = `url("data:image/svg+xml,${encodeURIComponent(svg)}")`;
  const at = Math.round(middle);
  return `canvas.upper-canvas { cursor: ${url} ${at} ${at}, crosshair !important; }`;
}

export default function ({ data }) {
  const until = Date.now() + LONGEST_WAIT_MS;
  let frame;
  const put = () => {
    const roots = canvasRoots();
    for (const root of roots) {
      const style = root.getElementById(NAME) ?? root.appendChild(document.createElement('style'));
      style.id = NAME;
      style.textContent = data.width ? cursor(data.width) : '';
    }
    // The canvas may come later than this, and a canvas on its way out does not count.
    if (Date.now() < until) frame = setTimeout(put, 250);
  };
  put();
  return () => clearTimeout(frame);
}
"""
_ring = st.components.v2.component("brush_ring", js=_SCRIPT)


def show(width_canvas_px: float | None, canvas_revision: int) -> None:
    """Puts the ring on the canvas; without a width takes it away. A canvas made anew gets it again."""
    _ring(
        key="brush-ring", data={"width": width_canvas_px or 0, "revision": canvas_revision}, height="content"
    )
