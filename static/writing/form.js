// The form of a lesson: title, summary, and a list of steps. The open step shows its fields.

import { make } from "../base/dom.js";
import { checksPart, donePart, notesPart, othersPart, questionPart } from "./form_done.js";
import { proseParts } from "./form_prose.js";
import { controlsPart, lightPart, scenePart } from "./form_scene.js";
import { emptyStep, inserted, isRead, newKey, withHead } from "./lesson.js";
import { nameOf } from "./text.js";

/** The title, and what one will know. */
function headParts({ desk, parts, say }) {
  const { title, says } = desk.lesson();
  const { language: lang } = desk.draft();
  return [
    parts.text({
      of: "head",
      field: "title",
      label: say("writing.title"),
      value: title,
      lang,
      changed: (value) => desk.edit((lesson) => withHead(lesson, { title: value })),
    }),
    parts.text({
      of: "head",
      field: "says",
      label: say("writing.says"),
      value: says,
      rows: 2,
      lang,
      changed: (value) => desk.edit((lesson) => withHead(lesson, { says: value })),
    }),
  ];
}

/** The fields of the step that is open. */
function openStep(form) {
  const { desk, say } = form;
  const fields = isRead(desk.step())
    ? [scenePart, lightPart, donePart, questionPart, controlsPart, notesPart, checksPart].map((part) => part(form))
    : [];
  const label = say("writing.step", { step: desk.place() + 1 });
  const inside = [...proseParts(form), ...fields, ...othersPart(form)];
  return make("div", { className: "writing-open", role: "group", ariaLabel: label }, ...inside);
}

/** A step in the list: its heading, which opens it, and the buttons that move and remove it. */
function stepItem(form, step, i) {
  const { desk, parts, say, move, openAt } = form;
  const { steps } = desk.lesson();
  const isOpen = i === desk.place();
  const name = make("span", { textContent: step.title.trim() || say("writing.step.untitled") });
  const heading = parts.button("", () => openAt(isOpen ? 0 : i + 1), {
    key: `step ${step.key}`,
    className: "writing-heading",
  });
  heading.append(`${i + 1} `, name, make("small", { className: "writing-mark refused" }));
  heading.ariaExpanded = String(isOpen);
  const sign = (text, word, act, disabled = false) =>
    parts.button(text, act, {
      key: `${text} ${step.key}`,
      label: say(word, { step: i + 1 }),
      className: "icon",
      disabled,
    });
  const row = make(
    "div",
    { className: "writing-row", draggable: true },
    heading,
    sign("↑", "writing.up", () => move(step.key, i - 1), i === 0),
    sign("↓", "writing.down", () => move(step.key, i + 1), i === steps.length - 1),
    sign("×", "writing.remove", () => form.remove(step.key)),
  );
  const item = make(
    "li",
    { className: isOpen ? "writing-step open" : "writing-step" },
    row,
    ...(isOpen ? [openStep(form)] : []),
  );
  item.dataset.step = String(step.key);
  return item;
}

/** Have the steps of a list moved by keys, with Alt and an arrow, and by dragging their rows. */
function moveSteps(list, { desk, move }) {
  let dragged = null;
  const stepAt = ({ target }) => target.closest("[data-step]");
  const placeOf = (item) => desk.lesson().steps.findIndex(({ key }) => String(key) === item.dataset.step);
  list.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || !event.altKey || !event.target.closest(".writing-step > .writing-row")) return;
    event.preventDefault();
    event.stopPropagation();
    move(Number(stepAt(event).dataset.step), placeOf(stepAt(event)) + by);
  });
  list.addEventListener("dragstart", (event) => {
    if (!event.target.matches?.(".writing-step > .writing-row")) return;
    dragged = Number(stepAt(event).dataset.step);
    event.dataTransfer.setData("text/plain", "");
  });
  list.addEventListener("dragover", (event) => dragged !== null && stepAt(event) && event.preventDefault());
  list.addEventListener("dragend", () => (dragged = null));
  list.addEventListener("drop", (event) => {
    if (dragged === null || !stepAt(event)) return;
    event.preventDefault();
    const key = dragged;
    dragged = null;
    move(key, placeOf(stepAt(event)));
  });
}

/** The steps, and what adds one and brings the last removed one back. */
function stepsParts(form) {
  const { desk, parts, say, openAt, offered } = form;
  const { steps } = desk.lesson();
  const list = make("ol", { className: "writing-steps" }, ...steps.map((step, i) => stepItem(form, step, i)));
  moveSteps(list, form);
  const removed = desk.removed();
  const title = removed?.title.trim() || say("writing.step.untitled");
  const back = parts.button(
    say("writing.undo"),
    () => {
      desk.undo();
      openAt(desk.place() + 1);
    },
    { key: "undo" },
  );
  const add = parts.button(
    say("writing.add"),
    () => {
      const at = desk.place() < 0 ? steps.length : desk.place() + 1;
      const step = emptyStep(newKey(desk.lesson()), steps.length ? {} : { scene: form.shownScene() });
      desk.edit((lesson) => inserted(lesson, at, step));
      form.focusOn("open title");
      openAt(at + 1);
    },
    { className: "", disabled: steps.length >= offered.steps },
  );
  const gone = removed ? [parts.row(parts.quiet(say("writing.removed", { title })), back)] : [];
  return [make("h3", { textContent: say("writing.steps") }), list, ...gone, parts.row(add)];
}

/** The name of the file, the same in other languages, and the end of the draft. */
function moreParts(form) {
  const { desk, parts, say, languages, begin } = form;
  const { language, name } = desk.draft();
  const said = (/** @type {string} */ code) => new Intl.DisplayNames([code], { type: "language" }).of(code);
  const twins = languages
    .filter((each) => each !== language)
    .map((each) => parts.button(say("writing.twin", { language: said(each) }), () => begin(each, said(each))));
  return parts.section(
    "more",
    say("writing.more"),
    form.fileNow(),
    parts.text({
      of: "head",
      field: "name",
      label: say("writing.name"),
      value: name,
      hint: say("writing.name.hint"),
      changed: (value) => {
        desk.note({ name: nameOf(value) });
        form.renamed();
      },
    }),
    parts.row(...twins),
    parts.row(parts.button(say("writing.delete"), form.discard)),
  );
}

/** All of the form. */
export const formOf = (form) => [...headParts(form), ...stepsParts(form), moreParts(form)];
