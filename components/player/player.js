// One video in a box of fixed shape. A new one is loaded out of sight and takes the old one's place when it plays,
// so that nothing blinks and nothing on the page moves.

const shown = new WeakMap(); // by the component's root: what is on its stage
const asked = new WeakMap(); // the same: for which run it has asked again

export default function ({ data, parentElement, setTriggerValue }) {
  const frame = parentElement.querySelector(".frame");
  const stage = parentElement.querySelector(".stage");
  const still = parentElement.querySelector(".still");
  frame.classList.toggle("compare", Boolean(data.still));
  stage.style.aspectRatio = still.style.aspectRatio = `${data.width} / ${data.height}`;
  frame.style.setProperty("--shape", data.width / data.height);
  if (data.still) still.src = `data:image/jpeg;base64,${data.still}`;
  if (data.ask) return askAgain(stage, data, setTriggerValue);
  asked.delete(stage);
  if (shown.get(stage) === data.id) return;
  shown.set(stage, data.id);
  const next = data.video ? video(data) : image(data);
  next.addEventListener(data.video ? "canplay" : "load", () => take(stage, next, data.id), { once: true });
  stage.append(next);
}

// Once for each run that says so: the next run may have the video. What is on the stage stays there.
function askAgain(stage, data, setTriggerValue) {
  if (asked.get(stage) === data.ask) return;
  asked.set(stage, data.ask);
  setTimeout(() => asked.get(stage) === data.ask && setTriggerValue("asked", data.ask), data.ask_ms);
}

// The newest wins: one that was overtaken while it loaded is thrown away with the old one.
function take(stage, next, id) {
  if (shown.get(stage) !== id) return next.remove();
  next.classList.add("on");
  for (const other of [...stage.children]) {
    if (other === next) continue;
    other.remove();
    if (other.src.startsWith("blob:")) URL.revokeObjectURL(other.src);
  }
}

function video(data) {
  const made = document.createElement("video");
  Object.assign(made, { loop: true, muted: true, autoplay: true, playsInline: true, controls: true });
  made.setAttribute("aria-label", data.alt);
  const bytes = Uint8Array.from(atob(data.video), (letter) => letter.charCodeAt(0));
  made.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
  return made;
}

function image(data) {
  const made = document.createElement("img");
  made.alt = data.alt;
  made.src = `data:image/jpeg;base64,${data.picture}`;
  return made;
}
