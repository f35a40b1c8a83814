// Files on their way: read in the page where they are plain, and sent to the server where it has to read them.

import { Refused } from "../ask/connection.js";
import { post } from "../ask/post.js";

const [KILOBYTE, MEGABYTE] = [2 ** 10, 2 ** 20];
const RECORDED = /\.backscope$/i; // how files of recorded runs are called
const FILES = ["checkpoint", "lesson", "recording"]; // what the server calls a file

/** A refusal that needs no server to be known. */
const refused = (field, kind, value, form, blanks = {}) =>
  new Refused({ refused: form, field, details: { kind, noun: field, value, form, blanks } });

function small(file, field, limit) {
  if (file.size <= limit) return;
  const [form, size] = limit < MEGABYTE ? ["kilobytes", KILOBYTE] : ["megabytes", MEGABYTE];
  throw refused(field, "invalid", file.name, form, { limit: Math.floor(limit / size) });
}

/** The plain value of a JSON file, which may be larger where it holds a table or a checkpoint. */
export async function readPlain(file, { message, table, kept }) {
  small(file, "experiment", message + table + 2 * kept);
  let plain;
  try {
    plain = JSON.parse(await file.text());
  } catch {
    small(file, "experiment", message);
    throw refused("experiment", "invalid", file.name, "json");
  }
  if (!plain?.data && !plain?.checkpoint) small(file, "experiment", message);
  return plain;
}

/** The answer to a file that is sent to an address, as the body or as a part of it; rejects as `send` does. */
async function postFile(address, file, body = file, read = /** @type {"json" | "blob"} */ ("json")) {
  try {
    return await post(address, body, read);
  } catch (error) {
    if (!(error instanceof Refused) || !FILES.includes(error.details?.noun)) throw error;
    const details = { ...error.details, value: file.name, described: null }; // the server knows no name
    throw new Refused({ refused: error.message, field: error.field, details });
  }
}

/**
 * Give the server a checkpoint or a recorded run; resolves to the experiment that goes on from it, and the t that it had come to, or to
 * what it has found in the `weights` of another program. Rejects with Lost where there is no answer in time, or none of
 * this server's.
 */
export async function send(file, limit) {
  small(file, RECORDED.test(file.name) ? "recording" : "checkpoint", limit);
  return postFile("checkpoints", file);
}

/** The bytes of a file in base64. */
export const base64Of = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result).split(",")[1]));
    reader.addEventListener("error", reject);
    reader.readAsDataURL(file);
  });

/** The checkpoint that a scene's file holds in base64. */
export function bytesOf(file, text) {
  try {
    return new File([Uint8Array.from(atob(text), (each) => each.charCodeAt(0))], file.name);
  } catch {
    throw refused("checkpoint", "invalid", file.name, "base64");
  }
}

/** The checkpoint that the server makes of weights of another program as they have been read; rejects as `send` does. */
export async function checkpointOf(file, reading) {
  const body = new Blob([JSON.stringify(reading), "\n", file]);
  const made = await postFile("weights", file, body, "blob");
  return new File([made], file.name);
}

/** What the server reads in a lesson's file, with the name of the file; rejects as `send` does. */
export async function readLesson(file, limit) {
  small(file, "lesson", limit);
  const lesson = await postFile("lessons", file);
  return { ...lesson, name: file.name.replace(/\.md$/i, ""), file: file.name };
}
