// Handles on the path, over the canvas and in its own shadow root: its front end has no such tool, and its
// edit mode, which only its toolbar can turn on, lets go of every painted region at once.
// Coordinates are the canvas's own pixels, however wide it is shown.

const SVG = 'http://www.w3.org/2000/svg';
const LOOK_AGAIN_MS = 100;
const RADIUS_ON_SCREEN_PX = 9;
let shown = null;
let watch = null;

function container() {
  const roots = [...document.querySelectorAll('*')].map((each) => each.shadowRoot).filter(Boolean);
  return roots.map((root) => root.querySelector('.dc-container')).filter(Boolean).at(-1);
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function draw({ size: [width, height], points, colour, revision }, onMoved) {
  const now = points.map((point) => [...point]);
  const svg = element('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none' });
  svg.classList.add('path-handles');
  svg.dataset.revision = revision;
  // Over the whole canvas: beside a handle nothing is drawn.
  svg.style.cssText = 'position:absolute; inset:0; width:100%; height:100%; z-index:15; touch-action:none';
  const line = element('polyline', { fill: 'none', stroke: 'white', 'stroke-dasharray': '6 4', 'stroke-width': 2 });
  svg.append(line);
  svg.append(...now.map((_, index) => handle(svg, line, now, index, [width, height], colour, onMoved)));
  return svg;
}

function handle(svg, line, now, index, size, colour, onMoved) {
  const circle = element('circle', { fill: colour, stroke: 'white', 'stroke-width': 2, cursor: 'grab' });
  let start = null;
  const place = () => {
    circle.setAttribute('cx', now[index][0]);
    circle.setAttribute('cy', now[index][1]);
  };
  circle.addEventListener('pointerdown', (event) => {
    circle.setPointerCapture(event.pointerId);
    start = { screen: [event.clientX, event.clientY], point: [...now[index]] };
    svg.dataset.held = 'yes';
    event.preventDefault();
  });
  circle.addEventListener('pointermove', (event) => {
    if (!start) return;
    const box = svg.getBoundingClientRect();
    const moved = [(event.clientX - start.screen[0]) / box.width, (event.clientY - start.screen[1]) / box.height];
    now[index] = start.point.map((from, axis) =>
      Math.min(size[axis], Math.max(0, from + moved[axis] * size[axis])));
    place();
    line.setAttribute('points', now.map((point) => point.join()).join(' '));
  });
  const release = (event) => {
    const before = start?.point;
    start = null;
    delete svg.dataset.held;
    if (!before) return;
    if (event.type === 'pointerup') {
      if (before.some((value, axis) => value !== now[index][axis])) onMoved(now);
    } else {
      now[index] = before;
      place();
      line.removeAttribute('points');
    }
  };
  circle.addEventListener('pointerup', release);
  circle.addEventListener('pointercancel', release);
  place();
  return circle;
}

function put() {
  const over = container();
  if (!over || !shown) return;
  if (shown.parentNode !== over) over.append(shown);
  // As large on the screen on a small canvas as on a large one.
  const scale = shown.viewBox.baseVal.width / (over.getBoundingClientRect().width || 1);
  for (const circle of shown.querySelectorAll('circle')) circle.setAttribute('r', RADIUS_ON_SCREEN_PX * scale);
}

function end() {
  clearInterval(watch);
  shown?.remove();
  shown = null;
}

export default function ({ data, setTriggerValue }) {
  if (!shown?.dataset.held) {
    end();
    shown = draw(data, (points) => setTriggerValue('moved', points));
    put();
    // A canvas made anew comes later than this.
    watch = setInterval(put, LOOK_AGAIN_MS);
  }
  return end;
}
