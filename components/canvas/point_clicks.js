// Clicks on the picture, by mouse, pen or finger, each with a number. They are told again with every new one until
// the server has taken them: none is lost with a message that another overtakes, or while the canvas is made anew.

const PRESSES = ['pointerdown', 'pointerup', 'pointercancel'];
const SWALLOWED = ['mousedown', 'mousemove', 'mouseup', 'touchstart', 'touchmove', 'touchend'];
const MOVED_PX = 12;
let last = 0;
let waiting = []; // [number, x, y], in the canvas's own pixels
let box = null; // of the canvas in the window, as it was last
let press = null;
let token = null; // of the session that was told last

function canvas_now() {
  const hosts = [...document.querySelectorAll('*')].filter((each) => each.shadowRoot);
  return hosts.map((host) => host.shadowRoot.querySelector('canvas.upper-canvas')).find(Boolean);
}

function find_box(event) {
  const canvas = event.composedPath().find((each) => each.matches?.('canvas.upper-canvas'));
  if (canvas) box = canvas.getBoundingClientRect();
  if (canvas) return box;
  const { clientX: x, clientY: y } = event;
  const is_inside = box && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  // A canvas that is being made anew comes back to its place.
  return is_inside && !canvas_now() ? box : null;
}

function dot(event) {
  const made = document.createElement('div');
  made.style.cssText =
    `position:fixed; left:${event.clientX - 6}px; top:${event.clientY - 6}px; width:12px; height:12px;` +
    'border-radius:50%; background:#fff; border:2px solid #000; pointer-events:none; z-index:1000;';
  document.body.append(made);
  setTimeout(() => made.remove(), 600);
}

export default function ({ data, setStateValue }) {
  const tell = () => setStateValue('clicks', { token: data.token, points: waiting });
  last = Math.max(last, data.taken);
  waiting = waiting.filter(([number]) => number > data.taken);
  // A session that was begun anew has not heard of those that are left.
  if (waiting.length && token !== data.token) tell();
  token = data.token;

  const heard = (event) => {
    const over = find_box(event);
    if (!event.isPrimary) press = null; // two fingers mean no point
    if (over && event.isPrimary && event.type === 'pointerdown' && event.button === 0) {
      press = { id: event.pointerId, x: event.clientX, y: event.clientY };
    }
    if (event.type !== 'pointerdown' && press?.id === event.pointerId) {
      const moved = Math.hypot(event.clientX - press.x, event.clientY - press.y);
      press = null;
      if (over && event.type === 'pointerup' && moved < MOVED_PX) {
        const shares = [(event.clientX - over.left) / over.width, (event.clientY - over.top) / over.height];
        last += 1;
        waiting = [...waiting, [last, ...shares.map((share, axis) => share * data.size[axis])]];
        dot(event);
        tell();
      }
    }
    if (over) event.stopPropagation();
  };
  const swallow = (event) => {
    if (event.composedPath().some((each) => each.matches?.('canvas.upper-canvas'))) event.stopPropagation();
  };
  for (const name of PRESSES) window.addEventListener(name, heard, true);
  for (const name of SWALLOWED) window.addEventListener(name, swallow, true);
  return () => {
    for (const name of PRESSES) window.removeEventListener(name, heard, true);
    for (const name of SWALLOWED) window.removeEventListener(name, swallow, true);
  };
}
