const HANDS = ["pointerdown", "click", "keydown"];
let answered = null;
// Streamlit sends an answer from the page that is shown, and lets it end a run that has not heard its click:
// just after a hand it would take back another page's link, or swallow a button.
function whenQuiet(act, patience_ms) {
  const latest = Date.now() + patience_ms;
  let timer = setTimeout(done, navigator.userActivation?.isActive ? 1000 : 0);
  function again() {
    clearTimeout(timer);
    timer = setTimeout(done, Math.min(1000, latest - Date.now()));
  }
  function done() {
    for (const hand of HANDS) removeEventListener(hand, again, true);
    act();
  }
  for (const hand of HANDS) addEventListener(hand, again, true);
}
export default function ({ data, setStateValue }) {
  if (answered === data.offer) return;
  answered = data.offer;
  try {
    if (localStorage.getItem("motion-studio-id") === null) {
      localStorage.setItem("motion-studio-id", data.offer);
    }
    const id = localStorage.getItem("motion-studio-id");
    // a new browser's answer tells nothing new; for an old one a draft and tasks are waiting
    whenQuiet(() => setStateValue("id", id), id === data.offer ? Infinity : 3000);
  } catch {
    // a browser that stores nothing is met as a new one each time
  }
}
