// The host of a page in a notebook: the document of a frame, which has the notebook's widget and its kernel at the other
// end of a port.

import { mount } from "../mount.js";
import { dress } from "../page/dress.js";
import { readable } from "../page/readable.js";
import { createFetch } from "./fetching.js";
import { createLine } from "./line.js";

const ELSEWHERE = "http://127.0.0.1:8000/"; // where a link that is shared leads: to a server on this machine
const PATIENCE = 10_000; // milliseconds for the words of a language

const catalogue = JSON.parse(document.getElementById("page-data").textContent);

/** The link of a scene, {experiment, t, view}. */
const linkOf = ({ experiment, t, view }) =>
  `${ELSEWHERE}#${new URLSearchParams({ t, experiment: JSON.stringify(experiment), view: JSON.stringify(view) })}`;

/** An address for the page, whose frame has none of its own. `kept()` hears that it has become another. */
function createAddress(href, kept) {
  let there = { href, kept: null };
  return {
    get: () => there,
    put(next, beside) {
      there = { href: next, kept: beside };
      kept();
    },
    moved: () => () => {},
  };
}

/** The theme of the notebook; `turn(dark)` says that it has another. */
function createTheme() {
  const heard = new Set();
  let dark = false;
  return {
    service: {
      of: (choice) => (choice === "dark" || (choice === "auto" && dark) ? "dark" : "light"),
      changed(listener) {
        heard.add(listener);
        return () => heard.delete(listener);
      },
      prefer() {},
    },
    turn(now) {
      dark = now;
      for (const listener of heard) listener();
    },
  };
}

/** The catalogue of another language; rejects where it does not come in time. */
async function words(language) {
  const response = await fetch(`words/${language}.json`, { signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(`no words of ${language}: ${response.status}`);
  const found = await response.json();
  return { ...found, lost: found["notebook.lost"] };
}

/** Have a script run that the kernel gives. */
async function script(address) {
  const response = await fetch(address).catch(() => null);
  if (!response?.ok) return;
  const made = document.createElement("script");
  made.textContent = await response.text();
  document.head.append(made);
}

/** The page begins with all style sheets. */
const sheet = async () => {};

const storage = {
  open: () => localStorage,
  changed(listener) {
    window.addEventListener("storage", listener);
    return () => window.removeEventListener("storage", listener);
  },
};

/** Show a scene in the page, whose messages go through the port. Returns what hears those of the kernel, by their kinds. */
function show({ scene, order: first }, { send, line, theme, follows }) {
  const address = createAddress(linkOf(scene), () => send({ kind: "scene", view: told.view }));
  const { run, view, destroy } = mount(document.querySelector(".backscope"), line.transport, catalogue, {
    keys: window,
    presses: window,
    themeChoice: "auto",
    theme: theme.service,
    storage,
    words,
    address,
    script,
    sheet,
  });
  const told = readable(run);
  Object.defineProperty(window, "backscope", { value: told });
  dress(document, view);
  let newest = first; // what cells have had done, of which `follows.order` is what the page has done
  /** @type {Promise<unknown>} */
  let opening = Promise.resolve();

  /** Follow a cell. What the page does before it is there is not what a person does. */
  async function follow({ order, t }, work) {
    newest = order;
    follows.order = null;
    await work();
    if (newest !== order) return;
    follows.order = order;
    if (told.t !== t) send({ kind: "followed", order }); // a person has gone on meanwhile
  }

  const begun = new Promise((resolve) => {
    view.on(["moment", "wanted"], ({ moment, wanted }) => moment && wanted === null && resolve());
  });
  follow({ order: first, t: scene.t }, () => begun);
  return {
    show: ({ scene: other, order }) =>
      follow({ order, t: other.t }, () => {
        opening = run.open({ ...other, view: { ...told.view, ...other.view } });
        return opening;
      }),
    reached: (content, buffers) =>
      follow(content, async () => {
        if (!line.reached(content, buffers)) await opening;
        if (newest === content.order) await run.seek(content.t);
      }),
    end: destroy,
  };
}

/** The port is there: hear what comes through it, and show the page when the kernel has opened it. */
function begin(port) {
  const tell = port.postMessage.bind(port);
  const send = (/** @type {object} */ content, /** @type {ArrayBuffer[]} */ buffers = []) =>
    tell({ content, buffers }, buffers);
  const follows = { order: null };
  const line = createLine((content) => send({ ...content, order: follows.order }));
  const theme = createTheme();
  const fetching = createFetch(send, document.baseURI);
  window.fetch = fetching.fetch;
  const hears = {
    opened: (content) => Object.assign(hears, show(content, { send, line, theme, follows })),
    answer: line.answered,
    fetched: fetching.answered,
    theme: ({ dark }) => theme.turn(dark),
    lost: line.broken,
  };
  port.addEventListener("message", ({ data: { content, buffers = [] } }) => hears[content.kind]?.(content, buffers));
  port.start();
}

window.addEventListener("pointerdown", () => window.focus(), true); // or the keys stay the notebook's after a press on a canvas
window.addEventListener("message", ({ data, ports: [port] }) => {
  if (data === "backscope" && port) begin(port);
});
