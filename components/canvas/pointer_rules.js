// What a hand on the canvas means, where the canvas's front end gets it wrong. It hears every mouse button as the
// left one's end, hears no release that the page did not see, and adds shapes for a mouse alone.
// All of it is heard before the canvas, and what is put in its place is marked by not being trusted.

const SHAPES = ['rect', 'circle', 'polygon'];
let drawing_at = null; // where the left button's stroke is, while it is one
let finger = null; // the pointer that draws a shape

const canvas_of = (event) => event.composedPath().find((each) => each.matches?.('canvas.upper-canvas'));

function send(type, target, { clientX, clientY }, buttons) {
  const places = { clientX, clientY, screenX: clientX, screenY: clientY };
  const options = { bubbles: true, composed: true, cancelable: true, view: window, button: 0, buttons };
  target.dispatchEvent(new MouseEvent(type, { ...options, ...places }));
}

function release(event) {
  if (event?.type === 'blur' && event.target !== window) return; // a field's, on its way down to it
  const at = drawing_at;
  drawing_at = null;
  if (at) send('mouseup', document, at, 0);
}

function on_mouse(event) {
  if (!event.isTrusted) return;
  if (event.type === 'contextmenu') {
    if (drawing_at) event.preventDefault();
    return;
  }
  const over = canvas_of(event);
  if (event.button !== 0 && event.type !== 'mousemove') {
    if (over || drawing_at) event.stopPropagation();
  } else if (event.type === 'mousedown') {
    drawing_at = over ? event : null;
  } else if (event.type === 'mouseup') {
    drawing_at = null;
  } else if (drawing_at) {
    if (event.buttons & 1) drawing_at = event;
    else release();
  }
}

export default function ({ data }) {
  const is_shape = SHAPES.includes(data.mode);

  const on_touch = (event) => {
    if (!is_shape || !canvas_of(event)) return;
    event.preventDefault(); // else the browser sends a mouse's events after it
    event.stopPropagation();
  };
  const on_finger = (event) => {
    if (!is_shape || event.pointerType !== 'touch') return;
    const over = canvas_of(event);
    if (event.type === 'pointerdown' && over) {
      if (finger === null && event.isPrimary) {
        finger = event.pointerId;
        send('mousemove', over, event, 0);
        send('mousedown', over, event, 1);
      }
    } else if (event.pointerId === finger) {
      if (event.type === 'pointermove') return send('mousemove', document, event, 1);
      finger = null;
      send('mouseup', document, event, 0);
    }
  };
  const heard = [
    ...['mousedown', 'mousemove', 'mouseup', 'contextmenu'].map((name) => [window, name, on_mouse]),
    ...['touchstart', 'touchmove', 'touchend', 'touchcancel'].map((name) => [window, name, on_touch]),
    ...['pointerdown', 'pointermove', 'pointerup', 'pointercancel'].map((name) => [window, name, on_finger]),
    [window, 'blur', release],
    [document, 'visibilitychange', release],
  ];
  for (const [on, name, act] of heard) on.addEventListener(name, act, { capture: true, passive: false });
  return () => {
    for (const [on, name, act] of heard) on.removeEventListener(name, act, { capture: true });
  };
}
