// The link for a class: a form in which a teacher chooses what a link shows and what it leaves out, with the link to copy.

import { make } from "../base/dom.js";
import { languageOf } from "../base/later_words.js";
import { apply, say } from "../base/words.js";
import { linkOf, placeOf } from "../lessons/place.js";
import { createShelf } from "../lessons/shelf.js";
import { ROWS } from "./feature.js";
import { forClass, snippetOf } from "./scenes.js";

const ALLOWING = "--allow-embed https://lessons.example --no-token"; // options of the server, as they are written
const HIGH = { stage: 560, lesson: 640 }; // pixels of a frame

/** An element that has a word of the catalogue, in any language. */
function worded(name, element) {
  element.dataset.word = name;
  return element;
}

/** A box to tick, with its word. */
function boxOf(name, value = "") {
  const box = make("input", { type: "checkbox", value });
  return { box, row: make("label", { className: "toggle" }, box, worded(name, make("span"))) };
}

/** A field with its word before it. */
const fieldOf = (name, ...controls) => make("label", {}, worded(name, make("span")), ...controls);

/** A text to copy, with the button for it. */
function copiedOf(name, text) {
  const button = worded("class.copy", make("button", { type: "button" }));
  const row = make("div", { className: "class-copied" }, fieldOf(name, text), button);
  button.addEventListener("click", async () => {
    text.select();
    const done = await navigator.clipboard.writeText(text.value).then(
      () => "class.copied",
      () => "class.by_hand",
    );
    button.dataset.word = done;
    row.dispatchEvent(new Event("copied", { bubbles: true }));
  });
  return { row, text, fresh: () => worded("class.copy", button) };
}

/** The boxes of all parts, by rows, in a group that is opened where it is wanted. */
function createBoxes() {
  const rows = Object.entries(ROWS).map(([row, names]) => {
    const boxes = names.split(" ").map((name) => boxOf(`class.part.${name}`, name));
    const whole = boxes.find(({ box }) => box.value === row)?.box;
    const heading = worded(`class.row.${row}`, make("legend"));
    return { boxes, whole, set: make("fieldset", {}, heading, ...boxes.map((each) => each.row)) };
  });
  return {
    sets: rows.map(({ set }) => set),
    /** The parts that are ticked; what a whole holds goes with it. */
    ticked() {
      for (const { boxes, whole } of rows)
        for (const { box } of boxes) box.disabled = Boolean(whole?.checked) && box !== whole;
      return rows.flatMap(({ boxes }) =>
        boxes.filter(({ box }) => box.checked && !box.disabled).map(({ box }) => box.value),
      );
    },
  };
}

/** The form, empty. `languages` are the options of the page's own choice. */
function createForm(languages) {
  const [lesson, step, language] = [make("select"), make("select"), make("select")];
  const [questions, embed] = [boxOf("class.questions"), boxOf("class.embed")];
  const boxes = createBoxes();
  const href = copiedOf("class.href", make("input", { readOnly: true, type: "url" }));
  const frame = copiedOf("class.frame", make("textarea", { readOnly: true, rows: 3, spellcheck: false }));
  const preview = worded("class.preview", make("a", { target: "_blank", rel: "noopener" }));
  const close = worded("class.close", make("button", { type: "submit", className: "primary" }));
  language.append(worded("class.any", make("option", { value: "" })));
  for (const { value, textContent } of languages) language.append(make("option", { value, textContent }));
  const about = make(
    "div",
    { className: "class-frame", hidden: true },
    frame.row,
    make("code", { textContent: ALLOWING }),
    worded("class.embed.says", make("p", { className: "quiet" })),
  );
  const form = make(
    "form",
    { method: "dialog" },
    worded("class.title", make("h2")),
    worded("class.says", make("p", { className: "quiet" })),
    make(
      "div",
      { className: "class-begin" },
      fieldOf("class.lesson", lesson),
      fieldOf("class.step", step),
      questions.row,
    ),
    make("div", { className: "class-begin" }, fieldOf("class.language", language), embed.row),
    worded("class.hide", make("h3")),
    make("div", { className: "class-parts" }, ...boxes.sets),
    href.row,
    about,
    make("div", { className: "class-end" }, preview, close),
  );
  return { form, lesson, step, language, questions, embed, boxes, href, frame, about, preview };
}

/** Fill a select with [value, text] pairs, keeping what is chosen where it is still there. */
function offer(select, options) {
  const { value } = select;
  select.replaceChildren(...options.map(([name, textContent]) => make("option", { value: name, textContent })));
  if (options.some(([name]) => name === value)) select.value = value;
}

/** Set up the form, a dialog of the mount `all`, whose header has the button that opens it. */
export function mount(root, tools) {
  const { all, store, choices, link, named } = tools;
  const parts = createForm(root.querySelectorAll("[data-control=language] option"));
  const { form, lesson, step, language, questions, embed, boxes, href, frame, about, preview } = parts;
  const dialog = make("dialog", { className: "class-link" }, form);
  const title = form.querySelector("h2");
  const shelf = createShelf();
  let lessons = []; // that the server has
  all.append(dialog);
  title.id = named("class-link");
  dialog.setAttribute("aria-labelledby", title.id);

  const lessonOf = () => lessons.find(({ name }) => name === lesson.value) ?? null;

  /** Show the link that is chosen. */
  function refresh() {
    const { words } = store.get();
    const chosen = lessonOf();
    const steps = Array.from({ length: chosen?.steps ?? 0 }, (_, i) => [String(i + 1), String(i + 1)]);
    if (step.length !== steps.length) offer(step, steps);
    step.disabled = questions.box.disabled = !chosen;
    const choice = {
      hide: boxes.ticked(),
      language: language.value || null,
      lesson: chosen && linkOf({ name: chosen.name, step: Number(step.value) }),
      questions: Boolean(chosen) && questions.box.checked,
      embed: embed.box.checked,
    };
    href.text.value = preview.href = link((scene) => forClass(scene, choice)).href;
    const titled = chosen?.title ?? say(words, "title");
    frame.text.value = snippetOf(preview.href, titled, chosen ? HIGH.lesson : HIGH.stage);
    about.hidden = !choice.embed;
    for (const each of [href, frame]) each.fresh();
    apply(words, form);
  }

  /** Offer the lessons that there are, beginning with the one that is read. */
  async function offerLessons() {
    const { words, lesson: read } = store.get();
    lessons = (await shelf.list(languageOf(words, choices.languages))) ?? [];
    const place = placeOf(read ?? "");
    offer(lesson, [["", say(words, "class.lesson.none")], ...lessons.map((each) => [each.name, each.title])]);
    if (place && lessons.some(({ name }) => name === place.name)) {
      lesson.value = place.name;
      refresh();
      step.value = String(place.step);
    }
    refresh();
  }

  async function open() {
    if (!store.get().classOpen) return;
    if (!lesson.length) offer(lesson, [["", say(store.get().words, "class.lesson.none")]]);
    if (!dialog.open) dialog.showModal();
    refresh();
    await offerLessons();
  }

  form.addEventListener("input", refresh);
  embed.box.addEventListener("change", () => about.scrollIntoView({ block: "end" }));
  form.addEventListener("copied", () => apply(store.get().words, form));
  dialog.addEventListener("close", () => store.set({ classOpen: false }));
  store.on(["classOpen", "words"], open);
  return {};
}
