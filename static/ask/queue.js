// The commands that are on their way to the server, and those that wait until others have been answered.

const MOST = 7; // commands on their way: the server reads one more, which is left for the sign of life
const LONGEST = 90_000; // milliseconds for the answer to any command

/** An empty queue; `send(text)` sends a command to the server, which answers in order. */
export function createQueue(send) {
  const sent = new Map(); // by their ids, the oldest first
  let unsent = [];
  let last = 0;

  /** Send what there is room for. */
  function advance(now) {
    while (unsent.length && sent.size < MOST) {
      const request = unsent.shift();
      request.sent = now;
      sent.set(request.id, request);
      send(request.text);
    }
  }

  return {
    /** Whether there has been no command yet. */
    isNew: () => last === 0,

    /** Whether none is on its way. */
    isEmpty: () => sent.size === 0,

    /** Whether a command has waited too long for its answer. */
    isOverdue: (now) => [...sent.values()].some((request) => now - request.sent > LONGEST),

    /** Put a command at the end, which is {resolve, reject} when it is answered. */
    add(command, fields, ends, now) {
      const id = String(++last);
      unsent.push({ id, text: JSON.stringify({ id, command, ...fields }), ...ends });
      advance(now);
    },

    /** The command that a message answers, if any; one to an id that nobody could read is the oldest's. */
    answered({ id }, now) {
      const key = id === null ? sent.keys().next().value : String(id);
      const request = sent.get(key);
      sent.delete(key);
      if (request) advance(now);
      return request;
    },

    /** Count the time of those that are on their way anew. */
    restart(now) {
      for (const request of sent.values()) request.sent = now;
    },

    /** Reject all of them. */
    giveUp(error) {
      const all = [...sent.values(), ...unsent];
      sent.clear();
      unsent = [];
      for (const { reject } of all) reject(error);
    },
  };
}
