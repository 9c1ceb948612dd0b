// The picture with more pixels than the canvas has, in the canvas's own shadow root: over its picture, under the paint.

const LOOK_AGAIN_MS = 100;
let shown = null;
let watch = null;

function put() {
  if (shown.isConnected) return;
  const roots = [...document.querySelectorAll('*')].map((each) => each.shadowRoot).filter(Boolean);
  const under = roots.map((root) => root.querySelector('.dc-container')).filter(Boolean).at(-1);
  under?.append(shown);
}

function end() {
  clearInterval(watch);
  shown?.remove();
}

export default function ({ data }) {
  const source = `data:image/jpeg;base64,${data.jpeg}`;
  if (shown?.src !== source) {
    end();
    shown = Object.assign(document.createElement('img'), { src: source, alt: '', className: 'sharp-picture' });
    shown.style.cssText = 'position:absolute; inset:0; width:100%; height:100%; z-index:5; pointer-events:none';
  }
  put();
  clearInterval(watch);
  // A canvas made anew comes later than this.
  watch = setInterval(put, LOOK_AGAIN_MS);
  return end;
}
