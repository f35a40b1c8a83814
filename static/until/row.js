// One condition of the list: its kind, its fields, whether it is on, and what is refused of it.

import { make } from "../base/dom.js";
import { refusal, say } from "../base/words.js";
import { fitting, fresh, having, indexOf } from "./list.js";

/** @import { Field } from "./list.js" */

/** A select of these options, {value, text, disabled}. */
function choice(name, value, options, changed) {
  const select = make("select", { ariaLabel: name });
  select.append(...options.map(({ text, ...each }) => make("option", { ...each, textContent: text })));
  select.value = String(value);
  select.addEventListener("change", () => changed(select.value));
  return select;
}

/** An input for what is typed; `read` is its value, or undefined where it is none. */
function typed(name, value, fields, read, changed) {
  const input = make("input", { ariaLabel: name, value: String(value), ...fields });
  input.addEventListener("change", () => {
    const found = read(input.value.trim());
    if (found !== undefined) changed(found);
    else input.setAttribute("aria-invalid", "true");
  });
  return input;
}

const numberOf = (text) => (text !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined);

/** How each kind of field is asked for. */
const CONTROLS = {
  number: (_words, name, _field, value, changed) =>
    typed(name, value, { type: "number", step: "any", inputMode: "decimal" }, numberOf, changed),
  count: (_words, name, _field, value, changed) =>
    typed(name, value, { type: "number", step: 1, inputMode: "numeric" }, numberOf, changed),
  index: (_words, name, _field, value, changed) =>
    typed(name, value.join(", "), { type: "text" }, (text) => indexOf(text) ?? undefined, changed),
  choice: (words, name, { choices }, value, changed) =>
    choice(
      name,
      value,
      choices.map((each) => ({ value: each, text: words[`until.of.${each}`] ?? each })),
      changed,
    ),
  layer: (_words, name, { choices }, value, changed) =>
    choice(
      name,
      value,
      choices.map((each) => ({ value: String(each), text: String(each) })),
      (chosen) => changed(Number(chosen)),
    ),
  example(words, name, { pictures }, value, changed, drawing) {
    const isDrawn = typeof value === "string";
    const input = typed(name, isDrawn ? "" : value, { type: "number", step: 1, disabled: isDrawn }, numberOf, changed);
    if (!pictures) return input;
    const box = make("input", { type: "checkbox", checked: isDrawn, disabled: !isDrawn && !drawing });
    box.addEventListener("change", () => changed(box.checked ? drawing : 0));
    return make("span", {}, input, make("label", { className: "toggle" }, box, say(words, "until.drawing")));
  },
};

/** A field of a condition, with its name beside it. */
function fieldOf(words, field, stop, drawing, put) {
  const name = say(words, `until.field.${field.name}`);
  const changed = (value) => put(having(stop, field.name, value));
  const control = CONTROLS[field.kind](words, name, field, stop[field.name] ?? field.default, changed, drawing);
  control.dataset.field = field.name;
  return make("span", { className: "stop-field" }, make("span", { textContent: name, ariaHidden: "true" }), control);
}

/** The select that joins a condition with the one before it. */
const joining = (words, stop, put) =>
  choice(
    say(words, "until.join"),
    stop.and ? "and" : "or",
    ["or", "and"].map((each) => ({ value: each, text: say(words, `until.join.${each}`) })),
    (chosen) => put(having(stop, "and", chosen === "and")),
  );

/** The select of a condition's kind: those that can never be are there, and say why. */
function kindOf(words, kinds, stop, put) {
  const options = kinds.map(({ name, unfit }) => {
    const text = say(words, `until.kind.${name}`);
    const why = unfit && say(words, `expected.${unfit.form}`, unfit.blanks);
    return { value: name, text: why ? say(words, "explained", { said: text, why }) : text, disabled: Boolean(unfit) };
  });
  return choice(say(words, "until.kind"), stop.name, options, (chosen) => {
    const next = /** @type {any} */ (fresh(kinds.find(({ name }) => name === chosen)));
    put({ ...next, ...(stop.and && { and: true }), ...(stop.off && { off: true }) });
  });
}

/**
 * An item of the list. `offer` has the `kinds`, the pixels of the `drawing` on the pad or null, and what is `refused`,
 * {place, field, error} or null; `put(stop)` and `remove()` change the list.
 */
export function rowOf(words, offer, stop, place, { put, remove }) {
  const { kinds, drawing, refused } = offer;
  const kind = kinds.find(({ name }) => name === stop.name);
  const set = (next) => put(fitting(next, kind?.fields ?? []));
  const on = make("input", { type: "checkbox", checked: !stop.off, ariaLabel: say(words, "until.on") });
  on.addEventListener("change", () => put(having(stop, "off", !on.checked)));
  const away = make("button", { type: "button", className: "icon", textContent: "✕" });
  away.ariaLabel = away.title = say(words, "until.remove");
  away.addEventListener("click", remove);
  const row = make(
    "li",
    { className: stop.off ? "stop off" : "stop" },
    make(
      "span",
      { className: "stop-head" },
      on,
      ...(place ? [joining(words, stop, put)] : []),
      kindOf(words, kinds, stop, put),
      away,
    ),
    ...(kind?.fields ?? []).map((/** @type {Field} */ field) => fieldOf(words, field, stop, drawing, set)),
    make("p", { className: "quiet", textContent: say(words, `until.kind.${stop.name}.when`) }),
  );
  row.ariaLabel = say(words, "until.condition", { count: place + 1 });
  if (refused?.place === place) {
    row.querySelector(`[data-field="${refused.field}"]`)?.setAttribute("aria-invalid", "true");
    row.append(make("p", { className: "refused", role: "alert", textContent: refusal(words, refused.error) }));
  }
  return row;
}
