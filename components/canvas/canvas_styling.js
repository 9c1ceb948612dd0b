const NAME = 'studio-look';
const LONGEST_WAIT_MS = 10000;
const ROOM_ABOVE_PX = 120;
let looked_at = null;

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

function look([width, height]) {
  return `
    .dc-container { max-width: 100%; height: auto !important; aspect-ratio: ${width} / ${height}; }
    .canvas-container, canvas { width: 100% !important; height: 100% !important; }
    .dc-toolbar, .dc-root:hover > .dc-toolbar { opacity: 1; top: -3.3rem; transition: none; }
    .dc-icon-button:focus-visible { outline: 2px solid currentColor; }
  `;
}

export default function ({ data }) {
  const until = Date.now() + LONGEST_WAIT_MS;
  let timer;
  // On a phone a picture is chosen far down the page, and the canvas comes above that.
  const bring_into_sight = (canvas) => {
    if (!canvas || looked_at === data.picture) return;
    looked_at = data.picture;
    if (canvas.getBoundingClientRect().top < ROOM_ABOVE_PX) canvas.scrollIntoView({ block: 'center' });
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
  return () => { clearTimeout(timer); window.removeEventListener('resize', put); };
}
