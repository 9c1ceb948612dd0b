// That a key was typed in this tab, not the key: it is kept in the memory of the server's session alone.
const NAME = "motion-studio-own-key";

export default function ({ data, setStateValue }) {
  try {
    if (data.is_used) sessionStorage.setItem(NAME, "typed");
    else if (data.is_given_up) sessionStorage.removeItem(NAME);
    else if (sessionStorage.getItem(NAME)) setStateValue("is_lost", true);
  } catch {
    // a browser that stores nothing remembers no key either
  }
}
