// The panel of a recorded run: what its proof has found, and a tensor in both runs, element by element.

import { Lost, Refused } from "../../ask/connection.js";
import { palette } from "../../base/colours.js";
import { make, refill } from "../../base/dom.js";
import { count } from "../../base/numbers.js";
import { refusal, say } from "../../base/words.js";
import { createParts, elementOf, fill, howTo, tensorsOf } from "./parts.js";
import { numbersAt } from "./sides.js";
import { isRecorded, wanted } from "./view.js";
import { notesOf, placeOf, remarksOf, titleOf, unfitOf, verdictOf } from "./words.js";

const FULL = 10; // digits
const same = (one, other) => String(one) === String(other);
const quiet = (textContent) => make("p", { className: "quiet", textContent });

/** Write what the proof of a recording has found. */
function tellProof(verdict, words, proof) {
  const { title, cause } = verdictOf(words, proof);
  const said = cause ? [make("p", { textContent: say(words, "recorded.cause", { cause }) })] : [];
  verdict.classList.toggle("wrong", !proof.agrees);
  refill(verdict, make("b", { textContent: title }), ...said);
}

/** Write what the proof has found of a recording that cannot be stepped, and why it cannot. */
function tellUnfit(box, { words, unfit }) {
  box.hidden = !unfit;
  if (!unfit) return;
  const verdict = make("div", { className: "recorded-verdict" });
  tellProof(verdict, words, unfit.proof);
  refill(box, verdict, ...unfitOf(words, unfit).map(quiet));
}

/** Write what the proof has found, and what of the run can be stepped. */
function tell(parts, { words, listing, moment: { t } }, { tensor, facts }) {
  tellProof(parts.verdict, words, facts.proof);
  parts.go.hidden = facts.first_wrong === null || (t === facts.first_wrong && tensor === facts.proof.tensor);
  refill(parts.remarks, ...remarksOf(words, facts).map(quiet));
  parts.begin.hidden = facts.beginnings.length < 2;
  const step = ({ number }) => say(words, "recorded.begin.step", { step: count(number) });
  fill(
    parts.begin,
    facts.beginnings.map((each) => [String(each.number), step(each)]),
    String(facts.first),
  );
  fill(parts.select, tensorsOf(listing, facts.names), tensor);
  parts.place.textContent = placeOf(words, tensor, facts);
  refill(parts.notes, ...notesOf(words, tensor, facts).map(quiet));
  parts.place.classList.toggle("wrong", facts.agrees === false);
}

/** The numbers of the element that is off most, which come in double precision. */
const inFull = ({ recorded, own }) => {
  const numbers = { recorded: Number(recorded), own: Number(own) };
  return { ...numbers, difference: numbers.own - numbers.recorded, places: FULL };
};

/** The plain form of the run that begins with another recorded step. */
function beginningWith({ changes: _changes, ...experiment }, { number, learning_rate: rate }) {
  const optimizer = { ...experiment.optimizer, ...(rate === null ? {} : { learning_rate: rate }) };
  return { ...experiment, optimizer, dataset: { ...experiment.dataset, first: number } };
}

export function mount(root, { store, startPreset, seek }) {
  const parts = createParts({ pointed, chosen });
  root.append(parts.unfit, parts.how, parts.found);
  let shown = null; // {tensor, tensors, facts}: the last answer
  let [theme, colours, pointing, width, language] = ["", null, null, 0, ""];

  function pointed(index) {
    pointing = index;
    if (shown) light(store.get());
  }

  function chosen(index) {
    if (shown) store.set({ recorded: shown.tensor, selected: { kind: "parameter", tensor: shown.tensor, index } });
  }

  /** Show the cells, and outline an element in all sides with its numbers: what is pointed at, chosen, or off most. */
  function light({ words, selected }) {
    const { tensor, tensors, facts } = shown;
    const wished = pointing ?? (selected?.tensor === tensor ? selected.index : facts.worst?.index);
    const index = facts.worst ? wished : null;
    const isWorst = same(index, facts.worst?.index);
    const title = index ? titleOf(words, tensor, index, isWorst) : "";
    parts.sides.light(words, tensors, index, title);
    if (!index) {
      parts.element.replaceChildren();
      return;
    }
    const { allowed, apart } = facts;
    const numbers = isWorst ? { ...inFull(facts.worst), allowed, apart } : numbersAt(tensors, index);
    refill(parts.element, ...elementOf(words, title, numbers));
  }

  function paint(state) {
    parts.sides.show(shown.tensor, shown.tensors, { colours, font: getComputedStyle(root).fontFamily });
    light(state);
  }

  function showHow({ words }) {
    shown = null;
    if (language !== words["language.code"]) refill(parts.how, ...howTo(words));
    language = words["language.code"];
  }

  function show(state, answer) {
    const there = isRecorded(state);
    if (answer) shown = { tensor: wanted(state), tensors: answer.found.tensors, facts: answer.found.facts };
    if (!there) showHow(state);
    tellUnfit(parts.unfit, state);
    parts.how.hidden = there || !!state.unfit;
    parts.found.hidden = !shown;
    if (!shown || !state.moment) return;
    if (theme !== state.theme) [theme, colours] = [state.theme, palette(root)];
    tell(parts, state, shown);
    paint(state);
  }

  async function beginWith(number) {
    const beginning = shown.facts.beginnings.find((each) => each.number === number);
    try {
      await startPreset(beginningWith(store.get().listing.experiment, beginning));
    } catch (error) {
      if (error instanceof Lost) return;
      if (!(error instanceof Refused)) throw error;
      store.set({ notice: { text: "refused", blanks: { said: refusal(store.get().words, error) } } });
    }
  }

  parts.select.addEventListener("change", () => store.set({ recorded: parts.select.value }));
  parts.begin.addEventListener("change", () => beginWith(Number(parts.begin.value)));
  parts.go.addEventListener("click", () => {
    store.set({ recorded: shown.facts.proof.tensor, selected: null });
    seek(shown.facts.first_wrong);
  });
  store.life.resized(() => {
    if (!root.clientWidth || root.clientWidth === width) return;
    width = root.clientWidth;
    if (shown) paint(store.get());
  }, root);

  return { show };
}
