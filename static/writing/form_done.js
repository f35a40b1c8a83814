// What a step asks of a reader: what is to be done, what is to be predicted; and what its prose rests on.

import { make } from "../base/dom.js";
import { chosenOf, comparisonOf } from "./chosen.js";
import { conditionsOf, editable, orNone, others, untilOf } from "./fields.js";
import { numbersChoice } from "./form_prose.js";
import { withValue } from "./lesson.js";

/** A condition in words. */
const conditionText = ({ say }, condition) => {
  const [[name, value]] = Object.entries(condition);
  return say(`lesson.until.${name}`, { expression: value });
};

/** An expression that is typed, with whether it holds now beside it. */
function expressionField({ label, value, key, changed }) {
  const made = make("input", { type: "text", value, ariaLabel: label, spellcheck: false, className: "writing-code" });
  made.dataset.key = key;
  made.addEventListener("input", () => changed(made.value));
  const holds = make("small", { className: "writing-holds" });
  holds.dataset.expression = value;
  made.addEventListener("input", () => (holds.dataset.expression = made.value));
  return [made, holds];
}

/** What may be added as a condition, as [what it is, its text]. */
function conditionsOn({ say, store, offered }) {
  const state = store.get();
  const cell = chosenOf(state);
  const t = state.moment?.t ?? 0;
  const loss = state.moment?.tensor("loss")?.data[0];
  const below = comparisonOf("loss", loss ?? null);
  const found = [
    ...(cell ? [{ selected: cell }] : []),
    `t >= ${t}`,
    ...(below ? [below] : []),
    ...offered.acts.map((act) => ({ [act]: true })),
  ];
  return found.map((each) => [
    each,
    typeof each === "string" ? say("lesson.until.true", { expression: each }) : conditionText({ say }, each),
  ]);
}

/** What is to be done before a reader goes on. */
export function donePart(form) {
  const { desk, parts, say, store, follow } = form;
  const step = desk.step();
  const conditions = conditionsOf(step);
  const put = (list) => form.put("until", untilOf(list));
  const items = conditions.map((condition, i) => {
    const shown =
      typeof condition === "string"
        ? expressionField({
            label: say("writing.until.expression", { count: i + 1 }),
            value: condition,
            key: `until ${i}`,
            changed: (value) => form.type("until", untilOf(conditionsOf(desk.step()).with(i, value))),
          })
        : [make("span", { textContent: conditionText(form, condition) })];
    const label = say("writing.until.remove", { count: i + 1 });
    return make(
      "li",
      {},
      ...shown,
      parts.button("×", () => put(conditionsOf(desk.step()).toSpliced(i, 1)), { key: label, label }),
    );
  });
  let options = [];
  const choice = parts.choice(say("writing.until.which"), "", []);
  function fill() {
    options = conditionsOn(form);
    const texts = options.map(([, text]) => text);
    if (choice.dataset.texts === texts.join("\n")) return;
    const { value } = choice;
    choice.dataset.texts = texts.join("\n");
    choice.replaceChildren(...texts.map((textContent, i) => make("option", { value: String(i), textContent })));
    choice.value = value && options[Number(value)] ? value : "0";
  }
  fill();
  follow(choice, fill);
  const add = () => put([...conditionsOf(desk.step()), options[Number(choice.value)][0]]);
  const own = () => put([...conditionsOf(desk.step()), `t >= ${store.get().moment?.t ?? 0}`]);
  return parts.section(
    "until",
    say("writing.until"),
    conditions.length ? say("writing.until.count", { count: conditions.length }) : say("writing.until.none"),
    make("ol", { className: "writing-list" }, ...items),
    parts.row(choice),
    parts.row(parts.button(say("writing.until.add"), add), parts.button(say("writing.until.own"), own)),
    parts.slot("open", "until"),
    parts.text({
      of: "open",
      field: "task",
      label: say("writing.task"),
      hint: say("writing.task.hint"),
      value: editable(step, "task") ?? "",
      rows: 2,
      lang: desk.draft().language,
      changed: (value) => form.type("task", value || undefined),
    }),
  );
}

/** A question as a field has it: one of a run of its own has a seed. */
const askedOf = (kind, seed) => (seed === undefined ? { kind } : { kind, seed });

/** Which run a question is of, and what is asked there. */
function runParts(form, { kind, seed }, put) {
  const { parts, say, offered, questions, show } = form;
  const options = [
    ["found", say("writing.question.found")],
    ["here", say("writing.question.here")],
  ];
  const own = seed === undefined;
  const of = parts.choice(say("writing.question.run"), own ? "here" : "found", options, (chosen) =>
    put(askedOf(kind, chosen === "found" ? 0 : undefined)),
  );
  if (own) return [parts.row(of), parts.quiet(say("writing.question.here.says"))];
  const asks = make("p", { className: "writing-asks" });
  questions.text({ kind, seed }).then((said) => (asks.textContent = said));
  async function look() {
    const found = await questions.found({ kind, seed });
    if (!found) return;
    const { experiment, t, example } = found;
    show({ experiment, t, view: example === null ? {} : { example } });
  }
  const another = () => put(askedOf(kind, seed >= offered.largest_seed ? 0 : seed + 1));
  const buttons = [
    make("span", { className: "quiet", textContent: say("writing.question.seed", { seed }) }),
    parts.button(say("writing.question.another"), another),
    parts.button(say("writing.question.show"), look),
  ];
  return [parts.row(of), asks, parts.row(...buttons)];
}

/** The question of a step: its kind, and of which run it is. One of a run of its own brings the scene with it. */
export function questionPart(form) {
  const { desk, parts, say, offered } = form;
  const { kinds } = offered;
  const predict = editable(desk.step(), "predict");
  function put(value) {
    if (value?.seed !== undefined) form.type("scene", undefined);
    form.put("predict", value);
  }
  const text = (kind) =>
    say("writing.question.kind", { kind: say(`prediction.${kind}`), concept: say(`concept.${kinds[kind]}`) });
  const options = [["", say("writing.question.none")], ...Object.keys(kinds).map((kind) => [kind, text(kind)])];
  if (predict && !(predict.kind in kinds)) options.push([predict.kind, predict.kind]);
  const choice = parts.choice(say("writing.question.which"), predict?.kind ?? "", options, (kind) =>
    put(kind ? askedOf(kind, predict ? predict.seed : 0) : undefined),
  );
  const short = predict ? say(`prediction.${predict.kind}`) : say("writing.question.none");
  const inside = [parts.row(choice), ...(predict ? runParts(form, predict, put) : [])];
  return parts.section("predict", say("writing.question"), short, ...inside, parts.slot("open", "predict"));
}

/** What whoever teaches with the step is told of it, and nobody else. */
export function notesPart(form) {
  const { desk, parts, say } = form;
  const notes = editable(desk.step(), "notes") ?? "";
  const field = parts.text({
    of: "open",
    field: "notes",
    label: say("writing.notes.text"),
    hint: say("writing.notes.hint"),
    value: notes.replace(/\n+$/, ""),
    rows: 5,
    lang: desk.draft().language,
    changed: (value) => form.type("notes", value.trim() ? `${value.replace(/\s+$/, "")}\n` : undefined),
  });
  const short = notes.trim() ? say("writing.notes.some") : say("writing.notes.none");
  return parts.section("notes", say("writing.notes"), short, field);
}

/** The comparisons that the prose rests on. */
export function checksPart(form) {
  const { desk, parts, say, valueOf } = form;
  const checks = editable(desk.step(), "check") ?? [];
  const put = (list) => form.put("check", orNone(list));
  const now = () => editable(desk.step(), "check") ?? []; // with what has been typed since
  const items = checks.map((check, i) => {
    const shown = expressionField({
      label: say("writing.check.expression", { count: i + 1 }),
      value: check,
      key: `check ${i}`,
      changed: (value) => form.type("check", now().with(i, value)),
    });
    const label = say("writing.check.remove", { count: i + 1 });
    return make(
      "li",
      {},
      ...shown,
      parts.button("×", () => put(now().toSpliced(i, 1)), { key: label, label }),
    );
  });
  const numbers = numbersChoice(form);
  const add = async () => {
    const { value: expression } = numbers;
    const { key } = desk.step();
    const comparison = comparisonOf(expression, await valueOf(expression));
    if (desk.step()?.key !== key) return; // another one has been opened meanwhile
    if (comparison) put([...now(), comparison]);
    else form.refuse("writing.check.none");
  };
  return parts.section(
    "check",
    say("writing.check"),
    checks.length ? say("writing.check.count", { count: checks.length }) : say("writing.check.without"),
    parts.quiet(say("writing.check.says")),
    make("ol", { className: "writing-list" }, ...items),
    parts.row(numbers, parts.button(say("writing.check.now"), add)),
    parts.row(parts.button(say("writing.check.own"), () => put([...now(), ""]))),
    parts.slot("open", "check"),
  );
}

/** The fields of a step's block that the form does not know, as they are written. */
export function othersPart(form) {
  const { desk, parts, say } = form;
  const step = desk.step();
  if (!("fields" in step.block)) {
    const whole = parts.text({
      of: "open",
      field: "block",
      label: say("writing.block"),
      hint: say("writing.block.hint"),
      value: step.block.text,
      rows: 6,
      changed(text) {
        if (/^[ \t]*```/m.test(text)) form.refuse("writing.block.ends");
        else desk.editStep((each) => ({ ...each, block: { text } }));
      },
    });
    whole.addEventListener("change", form.reread);
    return [whole];
  }
  const items = others(step).map(({ name, text }) => {
    const label = say("writing.others.remove", { name });
    const drop = () => {
      desk.editStep((each) => withValue(each, name));
      form.redraw();
    };
    return make("li", {}, make("code", { textContent: text.trim() }), parts.button("×", drop, { key: label, label }));
  });
  if (!items.length) return [parts.slot("open", "block")];
  const title = say("writing.others");
  return [
    parts.section(
      "others",
      title,
      say("writing.others.count", { count: items.length }),
      make("ul", { className: "writing-list" }, ...items),
    ),
    parts.slot("open", "block"),
  ];
}
