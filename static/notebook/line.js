// The line to a session in a notebook's kernel, as the page's transport. A kernel that trains may be silent for long, so
// silence is no loss here; and it sends moments of its own accord, which the page then need not ask for.

import { Lost, Refused } from "../ask/connection.js";
import { decode } from "../ask/frame.js";

/** @typedef {{resolve: (reply: any) => void, reject: (error: Error) => void, command: string, fields: any, sent: number}} Waiting */

/** Whether a question is for the state of the page's own run, with nothing that could end its way before. */
const isPlainSeek = ({ command, fields }) => command === "seek" && fields.run === undefined && !fields.until;

/**
 * A transport as `mount` takes it: `send(content)` sends to the kernel. `answered(content, buffers)` hears of answers,
 * `reached(content, buffers)` of a moment that a cell has trained to, `broken()` that the kernel has gone. `runs()` is the
 * number of runs that the kernel has begun or changed for this page, so that a moment of another one is known.
 *
 * @param {(content: object) => void} send
 */
export function createLine(send) {
  /** @type {Map<string, Waiting>} */
  const waiting = new Map();
  let last = 0;
  let runs = 0;
  let there = true;
  /** @type {{watch: string, frame: any} | null} */
  let newest = null; // the moment that came last of its own accord
  let heard = { opened() {}, lost() {}, timed(_times) {} };

  /** Whether that moment answers a question, or takes it on its way where it does not lead to that moment. */
  const isAnswered = (asked) => isPlainSeek(asked) && (JSON.stringify(asked.fields.watch) ?? "null") === newest?.watch;

  function take(id) {
    const found = waiting.get(id);
    waiting.delete(id);
    return found;
  }

  return {
    transport(hears) {
      heard = hears;
      queueMicrotask(() => there && heard.opened());
      return {
        request: (command, fields = {}) =>
          new Promise((resolve, reject) => {
            if (!there) reject(new Lost());
            else if (isAnswered({ command, fields }) && newest.frame.t === fields.t) resolve(newest.frame);
            else {
              const id = String(++last);
              waiting.set(id, { resolve, reject, command, fields, sent: performance.now() });
              send({ kind: "command", text: JSON.stringify({ id, command, ...fields }) });
            }
          }),
        close() {
          there = false;
          newest = null;
        },
      };
    },

    answered(content, [bytes]) {
      runs = content.runs;
      const began = performance.now();
      const reply = bytes ? decode(bytes) : JSON.parse(content.text);
      const asked = take(String(reply.id));
      if (!asked) return;
      if (reply.listing) newest = null;
      if (reply.file) heard.timed({ decode: performance.now() - began, roundTrip: began - asked.sent });
      if (reply.refused === undefined) asked.resolve(reply);
      else asked.reject(new Refused(reply));
    },

    /** A moment has come; answers what waits for it, or for one after it. Tells whether it is of the run that is shown. */
    reached(content, [bytes]) {
      if (!bytes || content.runs !== runs) return false;
      newest = { watch: JSON.stringify(content.watch), frame: decode(bytes) };
      for (const [id, asked] of waiting) if (isAnswered(asked)) take(id).resolve(newest.frame);
      return true;
    },

    broken() {
      there = false;
      for (const id of waiting.keys()) take(id).reject(new Lost());
      heard.lost();
    },
  };
}
