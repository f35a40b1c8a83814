// The parts of the form: buttons, fields with the faults below them, and sections that are opened.

import { make } from "../base/dom.js";

const LONGEST = 65_536; // letters that are pasted at once at most

/** @typedef {ReturnType<typeof createParts>} Parts */

/**
 * The makers of parts. `named` makes of an id one that the whole document has once, `opened` holds the
 * names of the sections that are open, and `refuse(word)` tells what is not taken.
 *
 * @param {{named: (id: string) => string, opened: Set<string>,
 *   refuse: (word: string) => void}} tools
 */
export function createParts({ named, opened, refuse }) {
  /**
   * A button. `key` keeps the focus on it when all is made anew; `label` is its name where its text is a sign.
   *
   * @param {string} says
   * @param {() => void} act
   * @param {{key?: string, label?: string, className?: string, disabled?: boolean}} [look]
   */
  function button(says, act, { key = says, label = "", className = "quiet-button", disabled = false } = {}) {
    const made = make("button", { type: "button", textContent: says, className, disabled });
    if (label) Object.assign(made, { ariaLabel: label, title: label });
    made.dataset.key = key;
    made.addEventListener("click", act);
    return made;
  }

  /** Where the faults of a field of the open step, or of the head, are told. @param {string} of @param {string} field */
  function slot(of, field) {
    const made = make("div", { className: "writing-faults", id: named(`writing-${of}-${field}`) });
    Object.assign(made.dataset, { of, field });
    return made;
  }

  /**
   * A field for text with its name above it, and below it its faults; of several lines where it has `rows`.
   *
   * @param {{of: string, field: string, label: string, value: string, rows?: number, hint?: string, key?: string,
   *   lang?: string, changed: (value: string) => void}} look
   * @param {Node[]} rest what stands below it
   */
  function text({ of, field, label, value, rows = 0, hint = "", key = `${of} ${field}`, lang = "", changed }, ...rest) {
    const made = rows ? make("textarea", { rows, value, lang }) : make("input", { type: "text", value, lang });
    made.dataset.key = key;
    made.spellcheck = !/expression|cell/.test(field);
    made.addEventListener("input", () => changed(made.value));
    made.addEventListener("beforeinput", (/** @type {any} */ event) => {
      const brought = event.data ?? event.dataTransfer?.getData("text/plain") ?? "";
      if (brought.length <= LONGEST) return;
      event.preventDefault();
      refuse("writing.too_long");
    });
    const faults = slot(of, field);
    const said = hint ? [make("small", { textContent: hint, id: `${faults.id}-hint` })] : [];
    made.setAttribute("aria-describedby", [...said.map(({ id }) => id), faults.id].join(" "));
    const labelled = make("label", { className: "writing-field" }, make("span", { textContent: label }), made);
    return make("div", { className: "writing-part" }, labelled, ...said, ...rest, faults);
  }

  /**
   * A choice. `options` are [value, text].
   *
   * @param {string} label
   * @param {string} value
   * @param {[string, string][]} options
   * @param {(value: string) => void} [changed]
   */
  function choice(label, value, options, changed = () => {}) {
    const made = make("select", { ariaLabel: label });
    made.append(...options.map(([each, name]) => make("option", { value: each, textContent: name })));
    made.value = value;
    made.dataset.key = label;
    made.addEventListener("change", () => changed(made.value));
    return made;
  }

  /**
   * A section that is opened by its heading, which says in short what is in it.
   *
   * @param {string} name
   * @param {string} title
   * @param {string} short
   * @param {(Node | string)[]} inside
   */
  function section(name, title, short, ...inside) {
    const heading = make("summary", {}, make("b", { textContent: title }), make("small", { textContent: short }));
    heading.dataset.key = `section ${name}`;
    const made = make("details", { className: "writing-section", open: opened.has(name) }, heading, ...inside);
    made.addEventListener("toggle", () => (made.open ? opened.add(name) : opened.delete(name)));
    return made;
  }

  const row = (/** @type {(Node | string)[]} */ ...inside) => make("div", { className: "writing-row" }, ...inside);
  const quiet = (/** @type {string} */ said) => make("p", { className: "quiet", textContent: said });

  return { button, slot, text, choice, section, row, quiet };
}
