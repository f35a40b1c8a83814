// The prose of a step: heading, text, and buttons that insert a number or a link of the chosen element.

import { make } from "../base/dom.js";
import { chosenOf, numbersOf, reference } from "./chosen.js";

/** What a link says of what is chosen: the words that are selected, or "this weight". */
function linkText({ say }, { selected }, marked) {
  if (marked) return marked;
  const kind = selected.kind === "parameter" ? (selected.index.length > 1 ? "weight" : "bias") : "neuron";
  return say(`writing.this.${kind}`);
}

/** Put a text in the place of what is selected in a field, and have it as typed. */
function insert(field, text) {
  field.focus();
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** A choice of the numbers that go with what is chosen, made anew as it changes. */
export function numbersChoice({ parts, say, store, follow }) {
  const label = say("writing.number");
  const made = parts.choice(label, "", []);
  function fill(state) {
    const numbers = numbersOf(state);
    if (made.dataset.numbers === numbers.join(" ")) return;
    made.dataset.numbers = numbers.join(" ");
    made.replaceChildren(...numbers.map((each) => make("option", { value: each, textContent: each })));
  }
  fill(store.get());
  follow(made, fill);
  return made;
}

/** What is chosen in words; it follows the store. */
function chosenLine({ say, store, follow }) {
  const made = make("p", { className: "quiet writing-chosen" });
  function fill(state) {
    const cell = chosenOf(state);
    made.textContent = cell ? say("writing.chosen", { cell }) : say("writing.chosen.none");
  }
  fill(store.get());
  follow(made, fill);
  return made;
}

/** The heading and the text of the step that is open. */
export function proseParts(form) {
  const { desk, parts, say, store, refuse } = form;
  const { title, body } = desk.step();
  const { language: lang } = desk.draft();
  const heading = parts.text({
    of: "open",
    field: "title",
    label: say("writing.heading"),
    value: title,
    lang,
    changed(value) {
      desk.editStep((step) => ({ ...step, title: value }));
      form.retitle();
    },
  });
  const numbers = numbersChoice(form);
  const field = () => prose.querySelector("textarea");
  const tools = [
    chosenLine(form),
    parts.row(
      numbers,
      parts.button(say("writing.number.insert"), () => insert(field(), reference(numbers.value))),
      parts.button(say("writing.link.insert"), () => {
        const state = store.get();
        const cell = chosenOf(state);
        const { value, selectionStart, selectionEnd } = field();
        if (cell) insert(field(), `[${linkText(form, state, value.slice(selectionStart, selectionEnd))}](${cell})`);
        else refuse("writing.chosen.none");
      }),
    ),
    make("small", { className: "writing-count" }),
  ];
  const prose = parts.text(
    {
      of: "open",
      field: "body",
      label: say("writing.prose"),
      value: body,
      rows: 7,
      hint: say("writing.prose.hint"),
      lang,
      changed: (value) => desk.editStep((step) => ({ ...step, body: value })),
    },
    ...tools,
  );
  return [heading, prose];
}
