// The desk: the draft that is being written, which of its steps is open, and what has been removed of it. Each edit is kept.

import { inserted, withStep, without } from "./lesson.js";

/** @import { Draft } from "./drafts.js" */
/** @import { Lesson, Step } from "./lesson.js" */

/** @typedef {ReturnType<typeof createDesk>} Desk */

/**
 * `drafts` keep what is written. `edited()` hears of each edit.
 *
 * @param {{keep: (draft: Draft) => {draft: Draft, kept: boolean}}} drafts
 * @param {() => void} edited
 */
export function createDesk(drafts, edited) {
  /** @type {Draft} */
  let draft;
  /** @type {number | null} */
  let open = null; // the key of the step that is open
  let kept = true;
  /** @type {{at: number, step: Step}[]} */
  let removed = [];

  /** @param {Partial<Draft>} changes */
  function keep(changes) {
    const done = drafts.keep({ ...draft, ...changes });
    ({ draft, kept } = done);
  }

  /** @param {(lesson: Lesson) => Lesson} change */
  function edit(change) {
    keep({ lesson: change(draft.lesson), saved: false });
    edited();
  }

  const place = () => draft.lesson.steps.findIndex(({ key }) => key === open);

  return {
    edit,
    /** @param {Draft} found @param {number} step counted from 1 */
    lay(found, step) {
      if (found.id !== draft?.id) removed = [];
      draft = found;
      open = found.lesson.steps[Math.min(step, found.lesson.steps.length) - 1]?.key ?? null;
    },
    draft: () => draft,
    lesson: () => draft.lesson,
    /** Whether the browser has taken the last edit. */
    isKept: () => kept,
    /** The step that is open; undefined where none is. */
    step: () => draft.lesson.steps[place()],
    /** Its place, counted from 0; −1 for none. */
    place,
    /** @param {number | null} key */
    open(key) {
      open = key;
    },
    /** @param {(step: Step) => Step} change */
    editStep: (change) => edit((lesson) => withStep(lesson, open, (step) => ({ ...change(step), raw: null }))),
    /** Note what does not change the lesson: its name, that it has been saved. @param {Partial<Draft>} changes */
    note(changes) {
      keep(changes);
    },
    /** @param {number} key */
    remove(key) {
      const at = draft.lesson.steps.findIndex((step) => step.key === key);
      removed.push({ at, step: draft.lesson.steps[at] });
      if (open === key) open = draft.lesson.steps[at + 1]?.key ?? draft.lesson.steps[at - 1]?.key ?? null;
      edit((lesson) => without(lesson, key));
    },
    /** The step that was removed last; undefined where none was. */
    removed: () => removed.at(-1)?.step,
    /** Put it back. */
    undo() {
      const { at, step } = removed.pop();
      open = step.key;
      edit((lesson) => inserted(lesson, at, step));
    },
  };
}
