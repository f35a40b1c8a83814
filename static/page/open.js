// Opening what was saved: a scene, an experiment, drawings or a checkpoint, by the button in the header or dropped on the
// page.

import { backOff, Lost, Refused } from "../ask/connection.js";
import { count } from "../base/numbers.js";
import { kindOf, sceneOf } from "../scene/file.js";

const MEGABYTE = 2 ** 20;
const PATIENCE = 130_000; // milliseconds for a file to be sent and answered: a little more than the server has
const TRIES = 5; // to give the server a checkpoint once more

/** A refusal that needs no server to be known. */
const refused = (field, kind, value, form, blanks = {}) =>
  new Refused({ refused: form, field, details: { kind, noun: field, value, form, blanks } });

function small(file, field, limit) {
  if (file.size <= limit) return;
  throw refused(field, "invalid", file.name, "megabytes", { limit: Math.floor(limit / MEGABYTE) });
}

/** The plain value of a JSON file. */
async function readPlain(file, limit) {
  small(file, "experiment", limit);
  try {
    return JSON.parse(await file.text());
  } catch {
    throw refused("experiment", "invalid", file.name, "json");
  }
}

/**
 * Give the server a checkpoint; resolves to the experiment that goes on from it, and the t that it had come to. Rejects
 * with Lost where there is no answer in time, or none of this server's.
 */
async function send(file, limit) {
  small(file, "checkpoint", limit);
  let response;
  let answer;
  try {
    response = await fetch("checkpoints", { method: "POST", body: file, signal: AbortSignal.timeout(PATIENCE) });
    answer = await response.json();
  } catch {
    throw new Lost();
  }
  if (response.ok) return answer;
  const { details } = answer;
  const named = details?.noun === "checkpoint" ? { ...details, value: file.name } : details; // the server knows no name
  throw new Refused({ ...answer, details: named });
}

/**
 * Set up the button in `root`; files may be dropped anywhere on `all`. `openScene(scene)` shows a scene and
 * `startPreset(experiment)` begins a run, each telling whether it was done; `addDrawings(plain)` adds drawings to a
 * person's own and tells how many, or null where they are none; `refuse(error)` shows what was refused.
 */
function mount(root, { all, store, choices: { limits }, openScene, startPreset, addDrawings, refuse }) {
  const input = root.querySelector("[data-control=file]");
  let last = null; // the checkpoint that was opened last: a server that has begun anew knows it no more

  function openDrawings(file, plain) {
    const added = addDrawings(plain);
    const [text, blanks] = added === null ? ["teach.own.refused", {}] : ["teach.own.added", { count: count(added) }];
    store.set({ notice: { text, blanks: { ...blanks, file: file.name } } });
  }

  async function openPlain(file) {
    const plain = await readPlain(file, limits.message);
    const kind = kindOf(plain);
    if (kind === "drawings") openDrawings(file, plain);
    else if (kind === "scene") await openScene(sceneOf(plain));
    else await startPreset(plain);
  }

  async function openFile(file) {
    try {
      if (file.name.toLowerCase().endsWith(".json")) {
        await openPlain(file);
        return;
      }
      const { experiment, t } = await send(file, limits.checkpoint);
      last = { name: experiment.start, file };
      if (await startPreset(experiment))
        store.set({ notice: { text: "open.done", blanks: { file: file.name, t: count(t) } } });
    } catch (error) {
      if (error instanceof Refused) refuse(error);
      else if (error instanceof Lost)
        store.set({ notice: { text: "open.lost", blanks: { file: file.name }, untilConnected: true } });
      else throw error;
    }
  }

  root.querySelector("[data-control=open]").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const [file] = input.files;
    input.value = ""; // so that the same file can be chosen again
    if (file) openFile(file);
  });

  const brings = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
  const mark = (on) => all.classList.toggle("dropping", on);
  const { listen } = store.life;
  listen(all, "dragover", (event) => {
    if (!brings(event)) return;
    event.preventDefault(); // or the browser leaves the page to show the file
    mark(true);
  });
  listen(all, "dragleave", ({ relatedTarget }) => all.contains(relatedTarget) || mark(false));
  listen(all, "drop", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    mark(false);
    const [file] = event.dataTransfer.files;
    if (file) openFile(file);
  });

  return {
    /** Give the server the checkpoint of this experiment once more; resolves to whether there was one to give. */
    async again(experiment) {
      if (!last || last.name !== experiment.start) return false;
      for (let tries = 0; tries < TRIES; tries += 1) {
        try {
          await send(last.file, limits.checkpoint);
          return true;
        } catch (error) {
          if (!(error instanceof Lost)) throw error;
        }
        await store.life.pause(backOff(tries));
      }
      return false;
    },
  };
}

/** @type {import("../base/feature.js").Feature} */
export const opener = { name: "open", slot: "header", mount };
