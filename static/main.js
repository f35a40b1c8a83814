// The host of the page: mounts one Backscope in it, and is the only file that knows the window, the address and storage.

import { connect } from "./ask/connection.js";
import { mount } from "./mount.js";
import { dress } from "./page/dress.js";
import { readable } from "./page/readable.js";

const root = document.documentElement;

/** Hear of events of something. Returns what ends the hearing. */
function hear(target, type, listener) {
  target.addEventListener(type, listener);
  return () => target.removeEventListener(type, listener);
}

/** Keep a choice for the next visit. */
function prefer(name, value) {
  try {
    localStorage.setItem(`backscope.${name}`, value);
  } catch {
    /* without storage the choice lasts as long as the page */
  }
}

const system = matchMedia("(prefers-color-scheme: dark)");
const theme = {
  of: (choice) => (choice === "dark" || (choice === "auto" && system.matches) ? "dark" : "light"),
  changed: (listener) => hear(system, "change", listener),
  prefer: (choice) => prefer("theme", choice),
};

const PATIENCE = 10_000; // milliseconds for the words of a language

/** The catalogue of another language; rejects where it does not come in time. */
async function words(language) {
  const response = await fetch(`words/${language}.json`, { signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(`no words of ${language}: ${response.status}`);
  return response.json();
}

/** The window's address; what is kept beside it comes back with reloading, back and forward. */
const address = {
  get: () => ({ href: location.href, kept: history.state }),
  put: (href, kept, anew) => (anew ? history.pushState(kept, "", href) : history.replaceState(kept, "", href)),
  moved: (listener) => hear(window, "popstate", listener),
};

const catalogue = JSON.parse(document.getElementById("page-data").textContent);
const asked = new URL(location.href).searchParams.get("lang");

/** The websocket's address: beside the page's own, under whatever path and scheme that is served. */
function lineAddress() {
  const there = new URL("ws", location.href);
  there.protocol = there.protocol.replace("http", "ws");
  there.hash = "";
  return there.href;
}

/** Hear of a page that is seen again or goes on after sleep, and of a network that is there again. */
function wakes(listener) {
  const seen = () => document.visibilityState === "visible" && listener();
  const ends = [
    hear(document, "visibilitychange", seen),
    hear(document, "resume", listener),
    hear(window, "pageshow", ({ persisted }) => persisted && listener()),
    hear(window, "online", listener),
  ];
  return () => ends.forEach((end) => end());
}

/** Print the page; resolves when that is done. */
function print() {
  const done = new Promise((resolve) => window.addEventListener("afterprint", resolve, { once: true }));
  window.print();
  return done;
}

const transport = (hears) => connect(lineAddress(), hears, wakes);
const { run, view } = mount(document.querySelector(".backscope"), transport, catalogue, {
  keys: window,
  presses: window,
  storage: { open: () => localStorage, changed: (listener) => hear(window, "storage", listener) },
  themeChoice: root.dataset.themeChoice,
  language: catalogue.choices.languages.includes(asked) ? asked : null,
  theme,
  words,
  address,
  windows: () => import("./presenting/windows.js"),
  print,
});

/** Have the page light while it is printed, whatever its theme. */
let themeBefore = null;
window.addEventListener("beforeprint", () => {
  themeBefore = view.get().theme;
  view.set({ theme: "light" });
});
window.addEventListener("afterprint", () => view.set({ theme: themeBefore }));

dress(document, view);
view.on(["notice", "connected"], ({ notice, connected }) => {
  if (notice || !connected) delete root.dataset.arranged; // there is something to say before what its link leaves out is away
});

Object.defineProperty(window, "backscope", { value: readable(run) });
