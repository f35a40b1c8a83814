// What the column says beside its rows: how many there are, what they are drawn to, and what is still to be computed.

import { quantityOf } from "../../network/arrows.js";
import { brief, count, scale as scaleText } from "../../base/numbers.js";
import { stepThat } from "../../tensor/steps.js";
import { say } from "../../base/words.js";

/** The micro-step that comes first to compute one of these updates or gradients, in words and with its moment. */
export function dueOf({ words, listing, moment }, names) {
  const computes = ({ writes }) => names.some((name) => writes.includes(name));
  return stepThat(words, listing, moment.t, computes) ?? { step: "", t: "" };
}

/** The words of everything that never changes. */
export function label(words, { field, biggest, jumps, list, head }) {
  field.placeholder = field.title = say(words, "column.find.hint");
  field.setAttribute("aria-label", say(words, "column.find"));
  Object.assign(biggest, { textContent: say(words, "column.biggest"), title: say(words, "column.biggest.hint") });
  jumps.setAttribute("aria-label", say(words, "column.jumps"));
  list.setAttribute("aria-label", say(words, "column.list"));
  head.parameter.textContent = say(words, "column.parameter");
}

/**
 * What the numbers do not say by themselves: that nothing was found, that some are not there yet, or why all updates of an
 * optimizer that `divides` gradients by their size are of one length; else "".
 */
function noteOf(state, { parts, missed, arrows, due, there, common, divides }) {
  const { words } = state;
  if (missed) return say(words, "column.none", { sought: missed, names: parts.map(({ name }) => name) });
  if (!there) return "";
  if (!due.length) return divides && common !== null ? say(words, "column.alike", { size: brief(common) }) : "";
  return say(words, due.length < parts.length ? "column.due.some" : "column.due", {
    quantity: quantityOf(arrows),
    ...dueOf(state, due),
  });
}

/**
 * Write what changes. `look` has the `parts`, how many rows are shown (`length`), the `arrows` and the `scale`, which
 * tensors are `due`, whether there is an answer (`there`), what was sought and is not there (`missed`), the `common` size
 * of the numbers, and whether they are updates of an optimizer that `divides`.
 */
export function tell(state, { total, head, note }, look) {
  const { parts, length, arrows, scale, due } = look;
  const { words } = state;
  const [shown, all] = [count(length), count(parts.at(-1).end)];
  total.textContent =
    shown === all ? say(words, "column.count", { count: all }) : say(words, "column.part", { shown, count: all });
  head.quantity.textContent = (arrows.sign < 0 ? "−" : "") + quantityOf(arrows);
  head.scale.textContent = due.length < parts.length ? say(words, "column.scale", { scale: scaleText(scale) }) : "";
  const text = noteOf(state, look);
  if (note.textContent !== text) note.textContent = text;
}
