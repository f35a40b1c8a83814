// The websocket: commands out, each with an id, and the one message that answers it; it comes back by itself.

import { decode } from "./frame.js";

/** A command that the server would not carry out; `field` and `details` say what was wrong with it. */
export class Refused extends Error {
  constructor({ refused, field, details }) {
    super(refused);
    this.field = field;
    this.details = details;
  }
}

/** The connection went before the answer came. */
export class Lost extends Error {}

const FIRST_WAIT = 400;
const LONGEST_WAIT = 5000;

/** Connect to the server until it is closed. `opened` is called each time the line is there, `lost` each time it breaks. */
export function connect(address, { opened, lost, timed }) {
  const waiting = new Map();
  let socket = null;
  let last = 0;
  let wait = FIRST_WAIT;
  let again = null; // the timer of the next try
  let closed = false;

  function giveUp() {
    for (const { reject } of waiting.values()) reject(new Lost());
    waiting.clear();
  }

  function receive({ data }) {
    const began = performance.now();
    const reply = typeof data === "string" ? JSON.parse(data) : decode(data);
    const ended = performance.now();
    const request = waiting.get(String(reply.id));
    if (!request) return;
    waiting.delete(String(reply.id));
    if (typeof data !== "string") timed({ decode: ended - began, roundTrip: began - request.sent });
    if (reply.refused === undefined) request.resolve(reply);
    else request.reject(new Refused(reply));
  }

  function open() {
    socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      wait = FIRST_WAIT;
      if (!closed) opened();
    });
    socket.addEventListener("message", receive);
    socket.addEventListener("close", () => {
      giveUp();
      if (closed) return;
      lost();
      again = setTimeout(open, wait);
      wait = Math.min(LONGEST_WAIT, wait * 1.6);
    });
  }

  open();
  return {
    /** Send a command; resolves to the reply, rejects with Refused or Lost. */
    request(command, fields) {
      return new Promise((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) {
          reject(new Lost());
          return;
        }
        const id = String(++last);
        waiting.set(id, { resolve, reject, sent: performance.now() });
        socket.send(JSON.stringify({ id, command, ...fields }));
      });
    },
    close() {
      closed = true;
      clearTimeout(again);
      giveUp();
      socket.close();
    },
  };
}
