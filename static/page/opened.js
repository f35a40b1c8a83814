// A file that is opened: a scene, an experiment, drawings, answers of practice, a lesson, a checkpoint, a recorded run or
// other weights.

import { Lost, Refused } from "../ask/connection.js";
import { persevere } from "../ask/post.js";
import { count } from "../base/numbers.js";
import { kindOf, sceneOf } from "../scene/file.js";
import { base64Of, bytesOf, checkpointOf, readLesson, readPlain, send } from "./sending.js";

const TABLES = /\.(csv|tsv|tab|txt)$/i; // how files of tables are called

/**
 * What opens files. `openScene(scene)` shows a scene and `startPreset(experiment)` begins a run, each telling whether it was
 * done; `openLesson(lesson)` shows a lesson; `addDrawings(plain)` adds drawings to a person's own and resolves to how many, or null where they are none;
 * `openAnswers(name, plain)` takes answers of practice and results of tests; `openTable(file)` opens a table of one's own,
 * and `tables()` resolves to those that there have been; `askWeights({file, found, read, open})` has a person say what
 * weights of another program are, reads them so and opens the checkpoint;
 * `refuse(error)` shows what was refused.
 */
export function createOpener(tools) {
  const { store, choices, openScene, openLesson, openAnswers, openTable, askWeights } = tools;
  const { startPreset, addDrawings, tables, refuse } = tools;
  const { limits } = choices;
  let last = null; // the checkpoint or recording that was opened last: a server that has begun anew knows it no more

  async function openDrawings(file, plain) {
    const added = await addDrawings(plain);
    if (added === undefined) return; // the pad could not be fetched, which has been told
    const [text, blanks] = added === null ? ["teach.own.refused", {}] : ["teach.own.added", { count: count(added) }];
    store.set({ notice: { text, blanks: { ...blanks, file: file.name } } });
  }

  /** Open a scene, with the table and the checkpoint that its file may hold, which the server is given first. */
  async function openKept(file, plain) {
    if (typeof plain.data?.text === "string") await (await tables()).give(plain.data);
    if (typeof plain.checkpoint === "string") await give(bytesOf(file, plain.checkpoint));
    await openScene(sceneOf(plain));
  }

  async function openPlain(file) {
    const plain = await readPlain(file, limits);
    const kind = kindOf(plain);
    if (kind === "drawings") await openDrawings(file, plain);
    else if (kind === "practice") await openAnswers(file.name, plain);
    else if (kind === "scene") await openKept(file, plain);
    else await startPreset(plain);
  }

  /** Give the server a checkpoint, and keep it. */
  async function give(file) {
    const answer = await send(file, limits.checkpoint);
    if (answer.experiment) last = { name: answer.experiment.start, file };
    return answer;
  }

  /** Tell why a file does not open. */
  function complain(file, error) {
    if (error instanceof Refused) refuse(error);
    else if (error instanceof Lost)
      store.set({ notice: { text: "open.lost", blanks: { file: file.name }, untilConnected: true } });
    else throw error;
  }

  /** Open a checkpoint or a recorded run, and say so, of a checkpoint by `text`. */
  async function openCheckpoint(file, text) {
    const { experiment, t, weights, recording, unfit, view } = await give(file);
    if (unfit) {
      store.set({ view: "recorded", unfit: { file: file.name, proof: recording, why: unfit } });
      return;
    }
    if (recording) {
      const opened = await openScene(sceneOf({ experiment, t, view }));
      const blanks = { file: file.name, steps: count(recording.steps) };
      if (opened) store.set({ notice: { text: "open.recorded", blanks } });
      return;
    }
    if (weights) {
      const read = (reading) => checkpointOf(file, reading);
      const open = (made) => openCheckpoint(made, "weights.done").catch((error) => complain(file, error));
      await askWeights({ file, found: weights, read, open });
      return;
    }
    if (await startPreset(experiment)) store.set({ notice: { text, blanks: { file: file.name, t: count(t) } } });
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
      await openCheckpoint(file, "open.done");
    } catch (error) {
      complain(file, error);
    }
  }

  return {
    openFile,
    /** The checkpoint of this experiment in base64; null where there is none, or too large a one. */
    kept: async ({ start }) =>
      start && last?.name === start && last.file.size <= limits.kept ? base64Of(last.file) : null,
    /** Give the server the checkpoint of this experiment once more; resolves to whether there was one to give. */
    async again(experiment) {
      if (!last || ![experiment.start, experiment.dataset.content].includes(last.name)) return false;
      return persevere(() => send(last.file, limits.checkpoint), store.life);
    },
  };
}
