const ASKED = "motion-studio-notifications-asked";
const known = new Set(); // ends that this page has heard of
let latest = null; // what the server said last
let tell = null; // the page's way to the server
let seen = new Set(); // what the server was told to be seen

// Streamlit writes the title anew with each page.
function count() {
  const plain = document.title.replace(/^\(\d+\) /, "");
  const wanted = latest.ends.length ? `(${latest.ends.length}) ${plain}` : plain;
  if (document.title !== wanted) document.title = wanted;
}

function look() {
  if (document.hidden || !latest) return;
  const ids = latest.here.filter((id) => !seen.has(id));
  for (const id of ids) seen.add(id);
  if (ids.length) tell("seen", ids);
}

function announce(isFirst) {
  for (const { id, words } of latest.ends) {
    const isNews = !known.has(id) && !isFirst && document.hidden;
    known.add(id);
    if (!isNews || !("Notification" in window) || Notification.permission !== "granted") continue;
    const sign = new Notification("Motion Studio", { body: words, tag: id }); // one for all tabs
    sign.onclick = () => {
      window.focus();
      sign.close();
      tell("go", id);
    };
  }
}

// A toast's link would open another tab, whose session has no key that was typed here.
function follow(event) {
  const link = event.target.closest?.("[data-testid=stToast] a");
  if (!link || !/\/tasks(\?|$)/.test(link.href)) return;
  event.preventDefault();
  tell("go", new URL(link.href).searchParams.get("task") ?? "");
}

function isAsked() {
  try {
    return localStorage.getItem(ASKED) !== null;
  } catch {
    return false;
  }
}

async function ask(button) {
  button.hidden = true;
  try {
    localStorage.setItem(ASKED, "asked");
  } catch {
    // a browser that stores nothing is asked again by its next page
  }
  await Notification.requestPermission();
}

function begin() {
  new MutationObserver(count).observe(document.querySelector("title"), { childList: true });
  document.addEventListener("visibilitychange", look);
  document.addEventListener("click", follow, true);
}

export default function ({ data, setTriggerValue, parentElement }) {
  const isFirst = latest === null;
  latest = JSON.parse(data.told);
  tell = setTriggerValue;
  if (isFirst) begin();
  count();
  announce(isFirst);
  look();
  const button = parentElement.querySelector("button");
  const mayAsk = "Notification" in window && Notification.permission === "default";
  button.hidden = !(mayAsk && latest.is_any_open && !isAsked());
  button.onclick = () => ask(button);
}
