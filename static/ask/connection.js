// The websocket: commands out, each with an id, and the one message that answers it. A line that breaks or falls silent
// is noticed, and comes back by itself.

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

const [FIRST_WAIT, LONGEST_WAIT] = [400, 2000]; // milliseconds before the line is tried again ...
const LONGEST_WAIT_FOR_ROOM = 5000; // ... and where the server has no room
const NO_ROOM = 1013; // how a server that is full closes a line
const MOST = 7; // commands on their way: the server reads one more, which is left for the sign of life
const LOOK = 1000; // milliseconds from one look at the line to the next; where many more go by, the page has slept
const QUIET = 4000; // without a word, until a sign of life is asked for
const PATIENCE = 7000; // for a sign of life, and for a line to open
const AWAKE = 2500; // for a sign of life, after sleep
const LONGEST = 90_000; // for the answer to any command, and for a sign of life where answers are long on their way

/** How long to wait before the nth try in a row: longer each time, and never at the same instant as other pages. */
export const backOff = (tries, longest = LONGEST_WAIT_FOR_ROOM) =>
  Math.min(longest, FIRST_WAIT * 1.6 ** tries) * (0.5 + Math.random() / 2);

/**
 * Connect to the server until it is closed. `opened` is called each time the line is there, `lost({full})` each time it
 * breaks, with whether the server has no room. `wakes(listener)` calls a listener when the page may have slept, and
 * returns what ends that.
 */
export function connect(address, { opened, lost, timed }, wakes = (_listener) => () => {}) {
  const waiting = new Map();
  let unsent = []; // commands that wait for others to be answered
  let socket = null;
  let last = 0;
  let tries = 0; // in a row, since the server was heard last
  let again = null; // the timer of the next try
  let looking = null; // the timer of the next look at the line
  let closed = false;
  let looked = Date.now();
  let heard = 0; // when the line last gave a sign of life, or began to be waited for ...
  let asked = null; // ... when it was last asked for one, until it comes
  let patience = PATIENCE; // ... which may take so long
  let slowest = PATIENCE; // and longer where answers are large: it comes after those that are on their way

  const isOpen = () => socket?.readyState === WebSocket.OPEN;

  function giveUp() {
    const all = [...waiting.values(), ...unsent];
    waiting.clear();
    unsent = [];
    for (const { reject } of all) reject(new Lost());
  }

  /** Ask for a sign of life, to come within so many milliseconds. */
  function ping(within) {
    asked = performance.now();
    patience = within;
    socket.send(JSON.stringify({ id: "ping", command: "ping" }));
  }

  /** The command that a message answers. Answers come in order, so one to an id that nobody could read is the oldest's. */
  const keyOf = ({ id }) => (id === null ? waiting.keys().next().value : String(id));

  function receive({ data }) {
    const began = performance.now();
    heard = began;
    asked = null;
    tries = 0;
    const reply = typeof data === "string" ? JSON.parse(data) : decode(data);
    const ended = performance.now();
    const key = keyOf(reply);
    const request = waiting.get(key);
    if (!request) return;
    waiting.delete(key);
    send();
    slowest = Math.min(LONGEST, Math.max(PATIENCE, 2 * (began - request.sent)));
    if (typeof data !== "string") timed({ decode: ended - began, roundTrip: began - request.sent });
    if (reply.refused === undefined) request.resolve(reply);
    else request.reject(new Refused(reply));
  }

  /** Send what there is room for. */
  function send() {
    while (unsent.length && waiting.size < MOST) {
      const request = unsent.shift();
      request.sent = performance.now();
      waiting.set(request.id, request);
      socket.send(request.text);
    }
  }

  /** The line is no good any more: try another. */
  function broken(full = false) {
    const old = socket;
    socket = null;
    old.close(); // which may take long, on a line that is silent
    giveUp();
    if (closed) return;
    lost({ full });
    again = setTimeout(open, backOff(tries, full ? LONGEST_WAIT_FOR_ROOM : LONGEST_WAIT));
    tries += 1;
  }

  function open() {
    clearTimeout(again);
    again = null;
    const mine = new WebSocket(address);
    const first = !last && !tries;
    let greeted = first;
    socket = mine;
    heard = performance.now();
    asked = null;
    mine.binaryType = "arraybuffer";
    mine.addEventListener("open", () => {
      if (socket !== mine) return;
      heard = performance.now();
      if (first) opened();
      else ping(PATIENCE); // a line that opens may be one that is closed at once, by a server that is full
    });
    mine.addEventListener("message", (message) => {
      if (socket !== mine) return;
      receive(message);
      if (greeted) return;
      greeted = true;
      opened();
    });
    mine.addEventListener("close", ({ code }) => {
      if (socket === mine) broken(code === NO_ROOM);
    });
  }

  /** The page may have slept, and the line have gone meanwhile: what came while it slept is not heard yet. */
  function awake() {
    looked = Date.now();
    if (again !== null) open();
    else if (isOpen()) {
      for (const request of waiting.values()) request.sent = performance.now();
      ping(waiting.size ? slowest : AWAKE);
    } else if (performance.now() - heard > AWAKE) {
      const old = socket; // which has been opening since before, and may never be open
      open();
      old.close();
    }
  }

  const overdue = (now) => [...waiting.values()].some(({ sent }) => now - sent > LONGEST);

  function look() {
    looking = setTimeout(look, LOOK);
    const slept = Math.abs(Date.now() - looked) > 5 * LOOK;
    looked = Date.now();
    if (slept) awake();
    else if (socket) judge(performance.now());
  }

  function judge(now) {
    if (!isOpen()) {
      if (now - heard > PATIENCE) broken();
    } else if (overdue(now) || (asked !== null && now - asked > patience)) broken();
    else if (asked === null && now - heard > QUIET) ping(slowest);
  }

  open();
  look();
  const stopWaking = wakes(awake);
  return {
    /** Send a command; resolves to the reply, rejects with Refused or Lost. */
    request(command, fields) {
      return new Promise((resolve, reject) => {
        if (!isOpen()) {
          reject(new Lost());
          return;
        }
        const id = String(++last);
        unsent.push({ id, text: JSON.stringify({ id, command, ...fields }), resolve, reject });
        send();
      });
    },
    close() {
      closed = true;
      clearTimeout(again);
      clearTimeout(looking);
      stopWaking();
      giveUp();
      socket?.close();
      socket = null;
    },
  };
}
