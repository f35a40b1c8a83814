// The websocket: commands out, each with an id, and the one message that answers it. A line that breaks or falls silent
// is noticed, and comes back by itself.

import { decode } from "./frame.js";
import { createQueue } from "./queue.js";
import { createSigns } from "./signs_of_life.js";

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

const [FIRST_WAIT, LONGEST_WAIT] = [400, 1000]; // milliseconds before the line is tried again ...
const LONGEST_WAIT_FOR_ROOM = 5000; // ... and where the server has no room
const NO_ROOM = 1013; // how a server that is full closes a line
const PING = JSON.stringify({ id: "ping", command: "ping" }); // asks for a sign of life
const LOOK = 1000; // milliseconds from one look at the line to the next; where many more go by, the page has slept

/** How long to wait before the nth try in a row: longer each time, and never at the same instant as other pages. */
export const backOff = (tries, longest = LONGEST_WAIT_FOR_ROOM) =>
  Math.min(longest, FIRST_WAIT * 1.6 ** tries) * (0.5 + Math.random() / 2);

/** A reply, which comes as JSON or as a frame. */
const readReply = (data) => (typeof data === "string" ? JSON.parse(data) : decode(data));

/** Look at the line again and again: `look(now)`, or `slept()` where the page has slept, as `wakes` tells too. */
function keepLooking(wakes, slept, look) {
  let timer = null;
  let looked = Date.now();

  function awake() {
    looked = Date.now();
    slept();
  }

  function again() {
    timer = setTimeout(again, LOOK);
    if (Math.abs(Date.now() - looked) > 5 * LOOK) awake();
    else {
      looked = Date.now();
      look(performance.now());
    }
  }

  again();
  const stopWaking = wakes(awake);
  return {
    stop() {
      clearTimeout(timer);
      stopWaking();
    },
  };
}

/**
 * Connect to the server until it is closed. `opened` is called each time the line is there, `lost({full})` each time it
 * breaks, with whether the server has no room. `wakes(listener)` calls a listener when the page may have slept, and
 * returns what ends that.
 */
export function connect(address, { opened, lost, timed }, wakes = (_listener) => () => {}) {
  let socket = null;
  let tries = 0; // in a row, since the server was heard last
  let again = null; // the timer of the next try
  let [closed, ready] = [false, false]; // whether for good, and whether `opened` has been called for this line
  const queue = createQueue((text) => socket.send(text));
  const signs = createSigns(() => socket.send(PING));

  const isOpen = () => socket?.readyState === WebSocket.OPEN;

  function receive({ data }) {
    const began = performance.now();
    signs.hear(began);
    tries = 0;
    const reply = readReply(data);
    const ended = performance.now();
    const request = queue.answered(reply, ended);
    if (!request) return;
    const roundTrip = began - request.sent;
    signs.took(roundTrip);
    if (reply.file) timed({ decode: ended - began, roundTrip });
    if (reply.refused === undefined) request.resolve(reply);
    else request.reject(new Refused(reply));
  }

  /** The line is broken: try another. */
  function broken(full = false) {
    socket.close(); // which may take long, on a line that is silent
    socket = null;
    queue.giveUp(new Lost());
    if (closed) return;
    lost({ full });
    again = setTimeout(open, backOff(tries, full ? LONGEST_WAIT_FOR_ROOM : LONGEST_WAIT));
    tries += 1;
  }

  function begin() {
    ready = true;
    opened();
  }

  function open() {
    clearTimeout(again);
    again = null;
    const mine = new WebSocket(address);
    const first = queue.isNew() && !tries;
    socket = mine;
    ready = false;
    signs.hear(performance.now());
    mine.binaryType = "arraybuffer";
    mine.addEventListener("open", () => {
      if (socket !== mine) return;
      signs.hear(performance.now());
      if (first) begin();
      else signs.ask(performance.now()); // a line that opens may be one that is closed at once, by a server that is full
    });
    mine.addEventListener("message", (message) => {
      if (socket !== mine) return;
      receive(message);
      if (!ready) begin();
    });
    mine.addEventListener("close", ({ code }) => {
      if (socket === mine) broken(code === NO_ROOM);
    });
  }

  /** The page may have slept, and the line have gone meanwhile: what came while it slept is not heard yet. */
  function awake() {
    const [now, old] = [performance.now(), socket];
    if (again !== null) open();
    else if (isOpen()) {
      queue.restart(now);
      signs.wake(now, !queue.isEmpty());
    } else if (signs.isLate(now)) {
      open();
      old.close(); // which has been opening since before, and may never be open
    }
  }

  const isBroken = (now) => socket && ((isOpen() && queue.isOverdue(now)) || signs.isBroken(now, isOpen()));

  open();
  const lookout = keepLooking(wakes, awake, (now) => isBroken(now) && broken());
  return {
    /** Send a command; resolves to the reply, rejects with Refused or Lost. */
    request: (command, fields) =>
      new Promise((resolve, reject) => {
        if (ready && isOpen()) queue.add(command, fields, { resolve, reject }, performance.now());
        else reject(new Lost());
      }),
    close() {
      closed = true;
      clearTimeout(again);
      lookout.stop();
      queue.giveUp(new Lost());
      socket?.close();
      socket = null;
    },
  };
}
