// A stretch of training as a moving picture: each frame is the moment t that was sought for it.

import { make } from "../base/dom.js";
import { download } from "../base/download.js";
import { after } from "../base/time.js";
import { say } from "../base/words.js";
import { exactOf, film } from "./film.js";
import { makesWebm } from "./webm.js";
import { nameOfFile } from "./names.js";
import { buttonOf, fieldOf, numberOf, partOf, refusedOf, wholeIn, worded } from "./parts.js";

const KINDS = ["gif", "webm"];
const MOST = 300; // frames
const [SLOWEST, FASTEST, USUAL] = [1, 25, 5]; // frames a second
const GRAINS = ["equation", "layer", "training_step", "epoch"];
const STEPS = 20; // units of the grain that are offered at first

/** The moments from one to another by a grain, up to one more than there may be. */
export function momentsOf(listing, grain, from, to) {
  const found = [from];
  for (let t = after(listing, grain, from); t <= to && found.length <= MOST; t = after(listing, grain, t))
    found.push(t);
  return found;
}

/** The fields of the part, and where it tells how far it has come. */
function createFields() {
  const largest = Number.MAX_SAFE_INTEGER;
  const grain = make("select", {}, ...GRAINS.map((name) => worded(`grain.${name}`, make("option", { value: name }))));
  const fields = {
    picture: make("select"),
    from: numberOf(0, largest, 0),
    to: numberOf(0, largest, 0),
    grain,
    rate: numberOf(SLOWEST, FASTEST, USUAL),
  };
  const progress = make("progress", { hidden: true });
  const stop = buttonOf("along.stop");
  stop.hidden = true;
  return {
    ...fields,
    progress,
    stop,
    takes: KINDS.map((kind) => ({ kind, button: buttonOf(`along.${kind}`) })),
    refused: refusedOf(),
  };
}

/** The part of the panel: {element, begin, show, end}. */
export function moviePart(tools) {
  const { store, clock, taken } = tools;
  const parts = createFields();
  const { picture, from, to, grain, rate, progress, stop, takes, refused } = parts;
  const element = partOf(
    "movie",
    make(
      "div",
      { className: "along-row" },
      ...["picture", "from", "to", "grain", "rate"].map((name) => fieldOf(`along.movie.${name}`, parts[name])),
      ...takes.map(({ button }) => button),
      progress,
      stop,
    ),
    refused,
  );
  let going = 0; // the taking that is under way; another number ends it

  /** The moments that are asked for, or null, where the mistake is told. */
  function asked() {
    const { words, listing } = store.get();
    const numbers = [from, to, rate].map((field) => ({ field, value: wholeIn(field) }));
    for (const { field, value } of numbers) field.setAttribute("aria-invalid", String(value === null));
    const wrong = numbers.find(({ value }) => value === null)?.field;
    const [first, last] = numbers.map(({ value }) => value);
    const moments = wrong || last < first ? [] : momentsOf(listing, grain.value, first, last);
    refused.textContent = wrong
      ? say(words, "along.whole", { low: wrong.min, high: wrong.max })
      : last < first
        ? say(words, "along.movie.order")
        : moments.length > MOST
          ? say(words, "along.movie.most", { most: String(MOST) })
          : "";
    return refused.textContent ? null : moments;
  }

  const shown = (on) => {
    progress.hidden = stop.hidden = !on;
    for (const { button } of takes) button.disabled = on;
  };

  async function take(kind) {
    const moments = asked();
    if (!moments) return;
    const mine = ++going;
    const { t } = store.get().moment;
    const name = nameOfFile(store.get(), `${picture.value}-${moments[0]}-${moments.at(-1)}`, kind);
    progress.max = moments.length;
    shown(true);
    const what = { moments, name: picture.value, rate: wholeIn(rate), kind };
    const file = await film(tools, what, (done) => {
      progress.value = done;
      return mine === going;
    }).catch(() => null);
    if (file) download(name, file);
    else if (mine === going) refused.textContent = say(store.get().words, "along.movie.broken");
    await clock.seek(t);
    shown(false);
  }
  for (const { kind, button } of takes) button.addEventListener("click", () => take(kind));
  stop.addEventListener("click", () => {
    going += 1;
  });

  return {
    element,
    begin(state) {
      const { listing, moment } = state;
      grain.value = state.grain;
      from.value = String(moment.t);
      let t = moment.t;
      for (let i = 0; i < STEPS; i += 1) t = after(listing, state.grain, t);
      to.value = String(t);
      refused.textContent = "";
    },
    show({ words }) {
      const options = exactOf(taken).map(({ name, word, blanks }) =>
        make("option", { value: name, textContent: say(words, word, blanks) }),
      );
      picture.replaceChildren(...options);
      progress.ariaLabel = say(words, "along.movie.progress");
      for (const { kind, button } of takes) {
        button.disabled = !options.length || !stop.hidden;
        button.hidden = kind === "webm" && !makesWebm();
      }
    },
    end() {
      going += 1;
    },
  };
}
