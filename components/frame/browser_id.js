const HANDS = ["pointerdown", "click", "keydown"];
let answered = null; // the offer that was answered last
let told = null; // and the id that it was answered with
let tell = null; // the page's way to the server

// Streamlit sends an answer from the page that is shown, and lets it end a run that has not heard its click:
// just after a hand it would take back another page's link, or swallow a button.
function whenQuiet(act, patience_ms) {
  const latest = Date.now() + patience_ms;
  let timer = setTimeout(done, Math.min(1000, patience_ms)); // a hand may be on its way
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

// A page that outlived its server speaks first: its session is there again before anything is clicked, and lists
// that refresh themselves go on.
function onReturn(act) {
  const app = document.querySelector("[data-testid=stApp]");
  let lost = false;
  new MutationObserver(() => {
    const connected = app.dataset.testConnectionState === "CONNECTED";
    if (connected && lost) act();
    lost = !connected;
  }).observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
}

// The id that the browser keeps; one that stores nothing is met as a new one by each page.
function kept(offer) {
  try {
    if (localStorage.getItem("motion-studio-id") === null) localStorage.setItem("motion-studio-id", offer);
    return localStorage.getItem("motion-studio-id");
  } catch {
    return offer;
  }
}

export default function ({ data, setStateValue }) {
  if (!tell) onReturn(() => tell("returned", Date.now()));
  tell = setStateValue;
  if (data.offer === answered || data.offer === told) return;
  answered = data.offer;
  told = kept(data.offer);
  // a new browser's answer tells nothing new; for an old one a draft and tasks are waiting
  whenQuiet(() => tell("id", told), told === data.offer ? Infinity : 3000);
}
