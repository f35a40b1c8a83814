// A file that is opened: a scene, an experiment, drawings, answers of practice, a lesson, a checkpoint or other weights.

import { backOff, Lost, Refused } from "../ask/connection.js";
import { count } from "../base/numbers.js";
import { kindOf, sceneOf } from "../scene/file.js";

const [KILOBYTE, MEGABYTE] = [2 ** 10, 2 ** 20];
const PATIENCE = 130_000; // milliseconds for a file to be sent and answered: a little more than the server has
const FILES = ["checkpoint", "lesson"]; // what the server calls a file
const TRIES = 5; // to give the server a checkpoint once more

/** A refusal that needs no server to be known. */
const refused = (field, kind, value, form, blanks = {}) =>
  new Refused({ refused: form, field, details: { kind, noun: field, value, form, blanks } });

function small(file, field, limit) {
  if (file.size <= limit) return;
  const [form, size] = limit < MEGABYTE ? ["kilobytes", KILOBYTE] : ["megabytes", MEGABYTE];
  throw refused(field, "invalid", file.name, form, { limit: Math.floor(limit / size) });
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

/** The answer to a file that is sent to an address, as the body or as a part of it; rejects as `send` does. */
async function post(address, file, body = file, read = "json") {
  let response;
  let answer;
  try {
    response = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
    answer = await response[response.ok ? read : "json"]();
  } catch {
    throw new Lost();
  }
  if (response.ok) return answer;
  const { details } = answer;
  const named = FILES.includes(details?.noun) ? { ...details, value: file.name, described: null } : details; // the server knows no name
  throw new Refused({ ...answer, details: named });
}

/**
 * Give the server a checkpoint; resolves to the experiment that goes on from it, and the t that it had come to, or to
 * what it has found in the `weights` of another program. Rejects with Lost where there is no answer in time, or none of
 * this server's.
 */
async function send(file, limit) {
  small(file, "checkpoint", limit);
  return post("checkpoints", file);
}

/** The checkpoint that the server makes of weights of another program as they have been read; rejects as `send` does. */
async function checkpointOf(file, reading) {
  const body = new Blob([JSON.stringify(reading), "\n", file]);
  const made = await post("weights", file, body, "blob");
  return new File([made], file.name);
}

/** What the server reads in a lesson's file, with the name of the file; rejects as `send` does. */
async function readLesson(file, limit) {
  small(file, "lesson", limit);
  const lesson = await post("lessons", file);
  return { ...lesson, name: file.name.replace(/\.md$/i, ""), file: file.name };
}

/**
 * What opens files. `openScene(scene)` shows a scene and `startPreset(experiment)` begins a run, each telling whether it was
 * done; `openLesson(lesson)` shows a lesson; `addDrawings(plain)` adds drawings to a person's own and resolves to how many, or null where they are none;
 * `openAnswers(name, plain)` takes answers of practice and results of tests; `askWeights({file, found, read, open})` has a
 * person say what weights of another program are, reads them so and opens the checkpoint;
 * `refuse(error)` shows what was refused.
 */
export function createOpener(tools) {
  const { store, choices, openScene, openLesson, openAnswers, askWeights, startPreset, addDrawings, refuse } = tools;
  const { limits } = choices;
  let last = null; // the checkpoint that was opened last: a server that has begun anew knows it no more

  async function openDrawings(file, plain) {
    const added = await addDrawings(plain);
    if (added === undefined) return; // the pad could not be fetched, which has been told
    const [text, blanks] = added === null ? ["teach.own.refused", {}] : ["teach.own.added", { count: count(added) }];
    store.set({ notice: { text, blanks: { ...blanks, file: file.name } } });
  }

  async function openPlain(file) {
    const plain = await readPlain(file, limits.message);
    const kind = kindOf(plain);
    if (kind === "drawings") await openDrawings(file, plain);
    else if (kind === "practice") await openAnswers(file.name, plain);
    else if (kind === "scene") await openScene(sceneOf(plain));
    else await startPreset(plain);
  }

  /** Tell why a file does not open. */
  function complain(file, error) {
    if (error instanceof Refused) refuse(error);
    else if (error instanceof Lost)
      store.set({ notice: { text: "open.lost", blanks: { file: file.name }, untilConnected: true } });
    else throw error;
  }

  /** Open a checkpoint, and say so by `text`. */
  async function openCheckpoint(file, text) {
    const { experiment, t, weights } = await send(file, limits.checkpoint);
    if (weights) {
      const read = (reading) => checkpointOf(file, reading);
      const open = (made) => openCheckpoint(made, "weights.done").catch((error) => complain(file, error));
      await askWeights({ file, found: weights, read, open });
      return;
    }
    last = { name: experiment.start, file };
    if (await startPreset(experiment)) store.set({ notice: { text, blanks: { file: file.name, t: count(t) } } });
  }

  async function openFile(file) {
    try {
      if (file.name.toLowerCase().endsWith(".json")) {
        await openPlain(file);
        return;
      }
      if (file.name.toLowerCase().endsWith(".md")) {
        await openLesson(await readLesson(file, limits.lesson));
        return;
      }
      await openCheckpoint(file, "open.done");
    } catch (error) {
      complain(file, error);
    }
  }

  return {
    openFile,
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
