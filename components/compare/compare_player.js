// Two to four videos on one clock: the longest one leads, and the others follow it. They begin together, once all of
// them are at the same place; what they drift by after that is made good by playing a little slower or faster.

const groups = new WeakMap(); // by the component's root
const AT_ONCE_S = 0.3; // further apart than this, they begin together anew
const PULL = 2; // how much a follower's rate changes for each second that it is off
const MOST_PULL = 0.08;
const ARROW_S = 1;
const GONE = "This video is not there any more.";
const LAYERS = { video: "Video", picture: "Picture", drawing: "Drawing" };

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".group");
  const ids = data.tiles.map((tile) => tile.id).join();
  if (groups.get(root)?.ids === ids) return; // a rerun of the page changes nothing
  groups.get(root)?.end();
  groups.set(root, new Group(root, data, ids));
}

class Group {
  constructor(root, data, ids) {
    Object.assign(this, { root, ids, frameS: 1 / data.fps, atS: 0, rate: 1, isPlaying: false, isLooping: true });
    this.wantedS = null; // where the videos are to be next
    this.isSeeking = false;
    const stages = root.querySelector(".tiles");
    stages.style.setProperty("--columns", columns(data.tiles));
    stages.style.setProperty("--widest", Math.max(...data.tiles.map((tile) => tile.width / tile.height)));
    stages.style.setProperty("--rows", Math.ceil(data.tiles.length / columns(data.tiles)));
    this.tiles = data.tiles.map((tile) => new Tile(tile, () => this.showClock()));
    stages.replaceChildren(...this.tiles.map((tile) => tile.element));
    this.find = (name) => root.querySelector(`.${name}`);
    root.querySelector(".differences").replaceChildren(...(data.differences.length ? table(data) : []));
    this.connect();
    this.tick();
  }

  get alive() {
    return this.tiles.filter((tile) => tile.isThere);
  }

  get leader() {
    return this.alive.reduce((best, tile) => (!best || tile.lengthS > best.lengthS ? tile : best), null);
  }

  get lengthS() {
    return this.leader?.lengthS ?? 0;
  }

  connect() {
    const press = { play: () => this.toggle(), back: () => this.step(-1), forth: () => this.step(1) };
    for (const [name, act] of Object.entries(press)) this.find(name).onclick = act;
    this.find("loop").onclick = () => this.set("loop", (this.isLooping = !this.isLooping));
    this.find("half").onclick = () => this.set("half", (this.rate = this.rate === 1 ? 0.5 : 1) === 0.5);
    this.find("scrub").oninput = (event) => this.seek(Number(event.target.value));
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  set(name, isOn) {
    this.find(name).setAttribute("aria-pressed", String(isOn));
  }

  end() {
    document.removeEventListener("keydown", this.onKey);
    cancelAnimationFrame(this.nextTick);
    for (const tile of this.tiles) tile.leave();
  }

  key(event) {
    if (!this.root.isConnected) return this.end();
    if (event.ctrlKey || event.metaKey || event.altKey || !isFree(event)) return;
    const act = {
      " ": () => this.toggle(),
      ArrowLeft: () => this.seek(this.atS - ARROW_S),
      ArrowRight: () => this.seek(this.atS + ARROW_S),
      ",": () => this.step(-1),
      ".": () => this.step(1),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  toggle() {
    if (this.isPlaying) return this.pause();
    this.isPlaying = true;
    this.seek(this.atS >= this.lengthS - this.frameS ? 0 : this.atS);
  }

  pause() {
    this.isPlaying = false;
    this.seek(this.atS); // so that all of them show the same moment
  }

  // By frames of the fastest video; in the middle of a frame, no rounding shows the one beside it.
  step(frames) {
    this.isPlaying = false;
    const now = Math.floor(this.atS / this.frameS + 0.01);
    this.seek((now + frames + 0.5) * this.frameS);
  }

  // The newest wish wins; all arrive before any of them goes on.
  async seek(atS) {
    this.atS = this.wantedS = Math.min(Math.max(atS, 0), Math.max(this.lengthS - this.frameS / 2, 0));
    this.showClock();
    if (this.isSeeking) return;
    this.isSeeking = true;
    while (this.wantedS !== null) {
      const at = this.wantedS;
      for (const tile of this.alive) tile.video.pause();
      await Promise.all(this.alive.map((tile) => tile.goTo(at, this.frameS)));
      if (this.wantedS === at) this.wantedS = null;
    }
    this.isSeeking = false;
    if (this.isPlaying) for (const tile of this.alive) tile.goOn(this.atS, this.rate);
  }

  tick() {
    if (!this.root.isConnected && this.wasConnected) return this.end();
    this.wasConnected ||= this.root.isConnected;
    this.nextTick = requestAnimationFrame(() => this.tick());
    const leader = this.leader;
    if (!this.isPlaying || this.isSeeking || !leader) return;
    this.atS = leader.video.currentTime;
    if (leader.video.ended || this.atS >= leader.lengthS) return this.atEnd();
    for (const tile of this.alive) if (tile !== leader) this.follow(tile);
    leader.video.playbackRate = this.rate;
    this.showClock();
  }

  atEnd() {
    if (this.isLooping) return this.seek(0);
    this.isPlaying = false;
    this.atS = this.lengthS;
    this.showClock();
  }

  follow(tile) {
    if (this.atS >= tile.lengthS || tile.video.ended) return; // it holds its last frame
    const aheadS = tile.video.currentTime - this.atS;
    if (Math.abs(aheadS) > AT_ONCE_S) return this.seek(this.atS);
    const pull = Math.min(Math.max(aheadS * PULL, -MOST_PULL), MOST_PULL);
    tile.video.playbackRate = this.rate * (Math.abs(aheadS) < this.frameS / 8 ? 1 : 1 - pull);
  }

  showClock() {
    const scrub = this.find?.("scrub");
    if (!scrub) return;
    scrub.max = this.lengthS;
    scrub.step = this.frameS;
    scrub.value = this.atS;
    const clock = `${this.atS.toFixed(2)} / ${this.lengthS.toFixed(2)} s`;
    scrub.setAttribute("aria-valuetext", clock);
    this.find("clock").textContent = clock;
    this.find("play").setAttribute("aria-label", this.isPlaying ? "Pause" : "Play");
    this.find("play").classList.toggle("on", this.isPlaying);
    for (const control of this.root.querySelectorAll(".transport :is(button, input)"))
      control.disabled = !this.leader;
  }
}

class Tile {
  constructor(data, changed) {
    this.isThere = !data.problem;
    this.element = made("figure", { className: "tile" });
    this.stage = made("div", { className: "stage" });
    this.element.style.setProperty("--shape", data.width / data.height);
    this.video = made("video", { muted: true, playsInline: true, preload: "auto" });
    this.video.setAttribute("aria-label", data.title);
    const words = made("figcaption", { textContent: data.title, title: data.title });
    this.about = made("div", { className: "about" });
    this.about.append(words);
    this.element.append(this.stage, this.about);
    if (data.problem) this.say(data.problem);
    else this.show(data, changed);
  }

  show(data, changed) {
    this.layers = { video: this.video };
    for (const name of ["picture", "drawing"]) if (data[name]) this.layers[name] = picture(data[name], LAYERS[name]);
    this.stage.append(...Object.values(this.layers));
    this.about.append(this.switches());
    this.switchTo("video");
    this.video.onerror = () => {
      this.say(GONE);
      changed();
    };
    this.video.onloadedmetadata = changed;
    this.video.src = data.video;
  }

  get lengthS() {
    return Number.isFinite(this.video.duration) ? this.video.duration : 0;
  }

  switches() {
    const row = made("div", { className: "switches" });
    if (Object.keys(this.layers).length < 2) return row;
    for (const name of Object.keys(this.layers)) {
      const button = made("button", { type: "button", textContent: LAYERS[name], onclick: () => this.switchTo(name) });
      button.dataset.layer = name;
      row.append(button);
    }
    return row;
  }

  switchTo(shown) {
    for (const [name, layer] of Object.entries(this.layers)) layer.classList.toggle("on", name === shown);
    for (const button of this.element.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.dataset.layer === shown));
  }

  say(problem) {
    this.isThere = false;
    this.stage.replaceChildren(made("p", { textContent: problem }));
    this.element.querySelector(".switches")?.remove();
  }

  // Resolves when the frame is there, or the video is gone; one that is shorter shows its last frame.
  goTo(atS, frameS) {
    const video = this.video;
    return new Promise((resolve) => {
      const done = () => {
        for (const name of ["seeked", "error", "abort"]) video.removeEventListener(name, done);
        resolve();
      };
      for (const name of ["seeked", "error", "abort"]) video.addEventListener(name, done);
      if (video.readyState === 0) video.addEventListener("loadedmetadata", () => this.jump(atS, frameS), { once: true });
      else this.jump(atS, frameS);
    });
  }

  jump(atS, frameS) {
    this.video.currentTime = Math.min(atS, Math.max(this.lengthS - frameS / 2, 0));
  }

  goOn(atS, rate) {
    if (atS >= this.lengthS) return;
    this.video.playbackRate = rate;
    this.video.play().catch(() => {}); // paused again before it began, or gone: its own events say so
  }

  leave() {
    this.video.removeAttribute("src");
    this.video.load();
  }
}

// Side by side where that leaves them large: four wide ones are two above two.
function columns(tiles) {
  const isUpright = tiles.every((tile) => tile.height > tile.width);
  return tiles.length === 4 && !isUpright ? 2 : tiles.length;
}

// Whether a key belongs to nothing else: no field is typed in, and no other control takes it.
function isFree(event) {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return true;
  if (target.matches(".scrub")) return true;
  if (target.isContentEditable || target.matches("input, textarea, select")) return false;
  const isControl = target.closest("button, a, summary, [role=button], [role=tab], [role=radio], [role=menuitem]");
  return !isControl || ([",", "."].includes(event.key) && !event.defaultPrevented) || isOurs(target, event.key);
}

// On a button of ours space presses that button, and the arrows are free.
function isOurs(target, key) {
  return key !== " " && Boolean(target.closest(".group"));
}

// What differs between the tasks: a row a parameter, in the letters of the tiles.
function table({ letters, differences }) {
  const head = made("tr", {});
  head.append(made("td", {}), ...letters.map((letter) => made("th", { textContent: letter, scope: "col" })));
  const rows = differences.map(([name, ...values]) => {
    const row = made("tr", {});
    const cells = values.map((value) => made("td", { textContent: value }));
    row.append(made("th", { textContent: name, scope: "row" }), ...cells);
    return row;
  });
  return [made("caption", { textContent: "What differs" }), head, ...rows];
}

function picture(base64, alt) {
  return made("img", { alt, src: `data:image/jpeg;base64,${base64}` });
}

function made(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}
