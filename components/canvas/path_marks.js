// A halo, an arrow head and the part's number on each path, laid over the canvas in its own shadow root: the canvas
// draws a bare line. Nothing of it takes the pointer. Coordinates are the canvas's own pixels.

const SVG = 'http://www.w3.org/2000/svg';
const LOOK_AGAIN_MS = 100;
const [HALO, LINE, HEAD, BADGE] = [8, 4, 16, 11];
const LEAST_STEP = 8; // from which on a direction is one
let shown = null;
let watch = null;

function element(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function head(points) {
  const [x, y] = points.at(-1);
  const before = points.findLast((point) => Math.hypot(x - point[0], y - point[1]) >= LEAST_STEP) ?? points[0];
  const turn = (Math.atan2(y - before[1], x - before[0]) * 180) / Math.PI;
  const shape = `M ${HEAD / 2} 0 L ${-HEAD / 2} ${-HEAD / 2} L ${-HEAD / 4} 0 L ${-HEAD / 2} ${HEAD / 2} Z`;
  return { d: shape, transform: `translate(${x} ${y}) rotate(${turn})` };
}

function mark({ points, colour, number }) {
  const line = { points: points.map((point) => point.join()).join(' '), fill: 'none' };
  const round = { 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
  const [x, y] = points[0];
  const words = { x, y, fill: 'white', 'font-size': 14, 'font-weight': 700, 'text-anchor': 'middle', dy: '0.36em' };
  return element('g', {},
    element('polyline', { ...line, ...round, stroke: 'white', 'stroke-opacity': 0.85, 'stroke-width': HALO }),
    element('polyline', { ...line, ...round, stroke: colour, 'stroke-width': LINE }),
    element('path', { ...head(points), fill: colour, stroke: 'white', 'stroke-width': 2, 'paint-order': 'stroke' }),
    element('circle', { cx: x, cy: y, r: BADGE, fill: colour, stroke: 'white', 'stroke-width': 2 }),
    element('text', words, String(number)));
}

function put() {
  if (shown.isConnected) return;
  const roots = [...document.querySelectorAll('*')].map((each) => each.shadowRoot).filter(Boolean);
  const over = roots.map((root) => root.querySelector('.dc-container')).filter(Boolean).at(-1);
  over?.append(shown);
}

function end() {
  clearInterval(watch);
  shown?.remove();
}

export default function ({ data }) {
  const { size: [width, height], paths } = JSON.parse(data.told);
  end();
  shown = element('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': true });
  shown.classList.add('path-marks');
  shown.style.cssText = 'position:absolute; inset:0; width:100%; height:100%; z-index:12; pointer-events:none';
  shown.append(...paths.map(mark));
  put();
  // A canvas made anew comes later than this.
  watch = setInterval(put, LOOK_AGAIN_MS);
  return end;
}
