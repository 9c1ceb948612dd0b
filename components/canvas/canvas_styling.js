const NAME = 'studio-look';
const LONGEST_WAIT_MS = 10000;
const ROOM_ABOVE_PX = 120;
const PHONE_PX = 640;
let looked_at = null;
// On a phone: from a new picture on, until a person does anything.
let held_in_sight = false;
const GESTURES = ['wheel', 'touchstart', 'pointerdown', 'keydown'];
const let_go = () => { held_in_sight = false; };

function canvases() {
  const hosts = [...document.querySelectorAll('*')].filter((each) => each.shadowRoot);
  return hosts.map((host) => host.shadowRoot.querySelector('canvas.upper-canvas')).filter(Boolean);
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

// As large as its column is wide and as the window is high, less what stands above and below (look.css).
function look([width, height]) {
  return `
    .dc-root { width: 100%; }
    .dc-container {
      width: min(100%, (100dvh - var(--beside-canvas, 15rem)) * ${width / height}) !important;
      height: auto !important; aspect-ratio: ${width} / ${height}; margin: 0 auto;
    }
    .canvas-container, canvas { width: 100% !important; height: 100% !important; }
    canvas { scroll-margin: 4rem 0 6rem; } /* clear of the bar of pages and of the one with Send */
    .dc-toolbar, .dc-root:hover > .dc-toolbar { opacity: 1; top: -2.55rem; padding: 0; transition: none; }
    .dc-icon-button:focus-visible { outline: 2px solid currentColor; }
  `;
}

export default function ({ data }) {
  const until = Date.now() + LONGEST_WAIT_MS;
  let timer;
  // On a phone a picture is chosen far down the page, and the canvas comes above that.
  const bring_into_sight = (canvas) => {
    if (!canvas) return;
    const { top, bottom } = canvas.getBoundingClientRect();
    const is_new = looked_at !== data.picture;
    const on_phone = window.innerWidth < PHONE_PX;
    looked_at = data.picture;
    // There, what stands above it may still grow and push it out of sight again.
    if (is_new) held_in_sight = on_phone;
    const is_out = top < ROOM_ABOVE_PX || (on_phone && bottom > window.innerHeight);
    if (!is_out || !(is_new || held_in_sight)) return;
    canvas.scrollIntoView({ block: 'center' });
  };
  const put = () => {
    const found = canvases();
    for (const canvas of found) {
      const root = canvas.getRootNode();
      const style = root.getElementById(NAME) ?? root.appendChild(document.createElement('style'));
      style.id = NAME;
      const shown = canvas.getBoundingClientRect().width / data.size[0];
      style.textContent = look(data.size) + (data.ring ? cursor(data.ring * shown) : '');
    }
    bring_into_sight(found.at(-1));
    return found.length;
  };
  const again = () => {
    // The canvas may come later than this, and a canvas on its way out does not count.
    const found = put();
    if (Date.now() < until) timer = setTimeout(again, found ? 250 : 10);
  };
  again();
  window.addEventListener('resize', put);
  for (const gesture of GESTURES) window.addEventListener(gesture, let_go, { capture: true, passive: true });
  return () => {
    clearTimeout(timer);
    window.removeEventListener('resize', put);
    for (const gesture of GESTURES) window.removeEventListener(gesture, let_go, { capture: true });
  };
}
