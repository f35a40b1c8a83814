// A file that is opened: a scene, an experiment, drawings, answers of practice, a lesson or a checkpoint.

import { Lost, Refused } from "../ask/connection.js";
import { persevere, post } from "../ask/post.js";
import { count } from "../base/numbers.js";
import { kindOf, sceneOf } from "../scene/file.js";

const [KILOBYTE, MEGABYTE] = [2 ** 10, 2 ** 20];
const FILES = ["checkpoint", "lesson"]; // what the server calls a file
const TABLES = /\.(csv|tsv|tab|txt)$/i; // how files of tables are called

/** A refusal that needs no server to be known. */
const refused = (field, kind, value, form, blanks = {}) =>
  new Refused({ refused: form, field, details: { kind, noun: field, value, form, blanks } });

function small(file, field, limit) {
  if (file.size <= limit) return;
  const [form, size] = limit < MEGABYTE ? ["kilobytes", KILOBYTE] : ["megabytes", MEGABYTE];
  throw refused(field, "invalid", file.name, form, { limit: Math.floor(limit / size) });
}

/** The plain value of a JSON file, which may be larger where it holds a table. */
async function readPlain(file, { message, table }) {
  small(file, "experiment", message + table);
  let plain;
  try {
    plain = JSON.parse(await file.text());
  } catch {
    small(file, "experiment", message);
    throw refused("experiment", "invalid", file.name, "json");
  }
  if (!plain?.data) small(file, "experiment", message);
  return plain;
}

/** The answer to a file that is sent to an address; rejects as `send` does. */
async function postFile(address, file) {
  try {
    return await post(address, file);
  } catch (error) {
    if (!(error instanceof Refused) || !FILES.includes(error.details?.noun)) throw error;
    const details = { ...error.details, value: file.name, described: null }; // the server knows no name
    throw new Refused({ refused: error.message, field: error.field, details });
  }
}

/**
 * Give the server a checkpoint; resolves to the experiment that goes on from it, and the t that it had come to. Rejects
 * with Lost where there is no answer in time, or none of this server's.
 */
async function send(file, limit) {
  small(file, "checkpoint", limit);
  return postFile("checkpoints", file);
}

/** What the server reads in a lesson's file, with the name of the file; rejects as `send` does. */
async function readLesson(file, limit) {
  small(file, "lesson", limit);
  const lesson = await postFile("lessons", file);
  return { ...lesson, name: file.name.replace(/\.md$/i, ""), file: file.name };
}

/**
 * What opens files. `openScene(scene)` shows a scene and `startPreset(experiment)` begins a run, each telling whether it was
 * done; `openLesson(lesson)` shows a lesson; `addDrawings(plain)` adds drawings to a person's own and resolves to how many, or null where they are none;
 * `openAnswers(name, plain)` takes answers of practice and results of tests; `openTable(file)` opens a table of one's own,
 * and `tables()` resolves to those that there have been;
 * `refuse(error)` shows what was refused.
 */
export function createOpener(tools) {
  const { store, choices, openScene, openLesson, openAnswers, openTable, startPreset, addDrawings, tables, refuse } =
    tools;
  const { limits } = choices;
  let last = null; // the checkpoint that was opened last: a server that has begun anew knows it no more

  async function openDrawings(file, plain) {
    const added = await addDrawings(plain);
    if (added === undefined) return; // the pad could not be fetched, which has been told
    const [text, blanks] = added === null ? ["teach.own.refused", {}] : ["teach.own.added", { count: count(added) }];
    store.set({ notice: { text, blanks: { ...blanks, file: file.name } } });
  }

  async function openPlain(file) {
    const plain = await readPlain(file, limits);
    const kind = kindOf(plain);
    if (kind === "drawings") await openDrawings(file, plain);
    else if (kind === "practice") await openAnswers(file.name, plain);
    else if (kind === "scene") await openWithTable(plain);
    else await startPreset(plain);
  }

  /** Open a scene, whose table the server is given first where the file has it. */
  async function openWithTable(plain) {
    if (typeof plain.data?.text === "string") await (await tables()).give(plain.data);
    await openScene(sceneOf(plain));
  }

  async function openFile(file) {
    try {
      if (TABLES.test(file.name)) {
        await openTable(file);
        return;
      }
      if (file.name.toLowerCase().endsWith(".json")) {
        await openPlain(file);
        return;
      }
      if (file.name.toLowerCase().endsWith(".md")) {
        await openLesson(await readLesson(file, limits.lesson));
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

  return {
    openFile,
    /** Give the server the checkpoint of this experiment once more; resolves to whether there was one to give. */
    async again(experiment) {
      if (!last || last.name !== experiment.start) return false;
      return persevere(() => send(last.file, limits.checkpoint), store.life);
    },
  };
}
