// The gradient check: whether the gradients are what nudging each parameter shows, tensor by tensor.

import { make } from "../base/dom.js";
import { brief, count, hundredths } from "../base/numbers.js";
import { refusal, say } from "../base/words.js";

const COLUMNS = ["tensor", "checked", "worst", "kinks", "verdict"];
const NOTHING = "none"; // the verdict where nothing could be checked

/** One tensor's cells, in the order of the columns. */
function cells(words, { tensor, checked, of, worst, kinks, verdict }) {
  const checkedOf = checked === of ? count(of) : say(words, "check.of", { checked: count(checked), of: count(of) });
  return [tensor, checkedOf, brief(worst?.error), count(kinks), say(words, `check.verdict.${verdict ?? NOTHING}`)];
}

function table(words, { tensors }) {
  const head = make(
    "tr",
    {},
    ...COLUMNS.map((name) => make("th", { scope: "col", textContent: say(words, `check.${name}`) })),
  );
  const rows = tensors.map((each) => {
    const [name, ...rest] = cells(words, each);
    const row = make(
      "tr",
      { className: each.verdict ?? "" },
      make("th", { scope: "row", textContent: name }),
      ...rest.map((text) => make("td", { textContent: text })),
    );
    if (each.worst?.rounding) row.title = say(words, "check.rounding");
    return row;
  });
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
}

/** The verdict on all of it in one sentence, and one more where kinks were left out. */
function sentences(words, { found, t }) {
  const { verdict, checked, of, tensors } = found;
  const blanks = {
    t: count(t),
    checked: count(checked),
    of: count(of),
    tensors: tensors.filter((each) => each.verdict === "wrong").map((each) => each.tensor),
  };
  const kinks = tensors.reduce((sum, each) => sum + each.kinks, 0);
  const [first] = found.kinks;
  const where = first && {
    ...first,
    index: first.index.join(", "),
    place: hundredths(first.place),
    count: count(kinks),
    example: (first.example ?? 0) + 1,
  };
  return [
    say(words, `check.says.${verdict ?? NOTHING}`, blanks),
    ...(first ? [say(words, `check.kink.${first.of}`, where)] : []),
  ];
}

function mount(root, { store, ask }) {
  const button = root.querySelector("[data-control=check]");
  const verdict = root.querySelector("[data-part=verdict]");
  const details = root.querySelector("[data-part=tensors]");
  let shown = null; // what was found and at which t, or what went wrong
  let asking = false;

  function show({ words }) {
    details.replaceChildren(...(shown?.found ? [table(words, shown.found)] : []));
    const said = !shown
      ? []
      : shown.found
        ? sentences(words, shown)
        : [shown.lost ? say(words, "check.lost") : refusal(words, shown.refused)];
    verdict.className = shown?.found ? `quiet ${shown.found.verdict ?? ""}` : "quiet";
    verdict.replaceChildren(
      ...(asking ? [say(words, "check.asking")] : said).map((textContent) => make("span", { textContent })),
    );
  }

  async function check() {
    if (asking || !store.get().moment) return;
    const {
      listing,
      moment: { t },
    } = store.get();
    asking = true;
    show(store.get());
    const answer = await ask({ question: "gradient_check" }, { t, of: "run" });
    asking = false;
    shown = store.get().listing === listing ? { lost: !answer, ...answer, t } : null; // else it was about another run
    show(store.get());
  }

  button.addEventListener("click", check);
  store.on(["words"], show);
  store.on(["listing"], (state) => {
    shown = null;
    show(state);
  });
  return {};
}

/** @type {import("../base/feature.js").Feature} */
export const check = { name: "check", slot: "inspector", mount };
