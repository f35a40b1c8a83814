// What is wrong in what is written: told beside the field that it belongs to, and all of it in a list.

import { make, refill } from "../base/dom.js";
import { refusal } from "../base/words.js";
import { placeOfFault } from "./text.js";

const HEAD = ["title", "says"]; // what stands above the steps and has a field of its own

/**
 * The faults of a text with what they belong to: {step, field, line, refused, details}, where step 0 is the head.
 *
 * @param {string} text
 * @param {any} answer what the server has read
 */
export function faultsIn(text, answer) {
  if (!answer) return [];
  const { refused } = answer;
  if (refused) return [{ ...refused, line: 1, step: 0, field: "title" }];
  return answer.faults.map((/** @type {any} */ fault) => ({ ...fault, ...placeOfFault(text, fault) }));
}

/** Whether something is not there yet: no mistake, as one is still writing. */
const isMissing = ({ details }) => details?.kind === "missing";

/** The slot of a fault: its own field's, or that of the rest of its block. */
function slotOf(root, { step, field }, open) {
  const of = step === 0 ? "head" : step === open ? "open" : null;
  if (!of) return null;
  const named = of === "head" && !HEAD.includes(field) ? "title" : field;
  const found = root.querySelector(`[data-of=${of}][data-field="${CSS.escape(named)}"]`);
  return found ?? root.querySelector(`[data-of=${of}][data-field=block]`);
}

/**
 * Tell faults in `root`; `open` is the step that is open, counted from 1. `go(fault)` opens what a fault belongs to.
 */
export function tellFaults(root, { faults, open, form, go }) {
  const { say, store, parts } = form;
  const { words } = store.get();
  const why = ({ refused, details }) =>
    isMissing({ details })
      ? say("writing.faults.missing", { noun: say(`noun.${details.noun}`) })
      : refusal(words, { message: refused, details });
  const line = (fault) => make("p", { className: isMissing(fault) ? "quiet" : "refused", textContent: why(fault) });
  for (const slot of root.querySelectorAll(".writing-faults")) {
    const mine = faults.filter((fault) => slotOf(root, fault, open) === slot);
    slot.replaceChildren(...mine.map(line));
    const field = slot.parentElement.querySelector(":scope > .writing-field > :is(input, textarea)");
    field?.setAttribute("aria-invalid", String(mine.some((fault) => !isMissing(fault))));
  }
  for (const section of root.querySelectorAll("details.writing-section"))
    section.classList.toggle("faulty", section.querySelector(".refused") !== null);
  root.querySelectorAll(".writing-step").forEach((each, i) => {
    const count = faults.filter((fault) => fault.step === i + 1 && !isMissing(fault)).length;
    each.querySelector(".writing-mark").textContent = count ? say("writing.faults.count", { count }) : "";
  });
  const texts = faults.map((fault) => {
    const where = fault.step ? say("writing.faults.step", { step: fault.step }) : say("writing.faults.head");
    return say("writing.faults.one", { where, why: why(fault) });
  });
  const list = root.querySelector(".writing-all");
  const title = make("h3", { textContent: say("writing.faults") });
  if (list.textContent === (texts.length ? title.textContent + texts.join("") : "")) return; // a button that is being pressed stays
  const items = faults.map((fault, i) =>
    make(
      "li",
      {},
      parts.button(texts[i], () => go(fault), { key: `fault ${i}` }),
    ),
  );
  refill(list, ...(items.length ? [title, make("ul", {}, ...items)] : []));
}

/** Have the field of a fault in sight, with the focus in it. */
export function focusFault(root, fault, open) {
  const slot = slotOf(root, fault, open);
  const section = slot?.closest("details");
  if (section) section.open = true;
  const part = slot?.closest(".writing-part, details");
  const field = part?.querySelector("input, textarea") ?? part?.querySelector("summary");
  field?.focus();
  field?.scrollIntoView({ block: "center" });
}
