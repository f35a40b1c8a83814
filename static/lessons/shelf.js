// The shelf at the server: the list of lessons, and each of them as it is read now.

import { get } from "../base/get.js";

/** The lessons by their names; one that was opened from a file is kept by the page. */
export function createShelf() {
  const opened = new Map();
  return {
    /** @param {string} language */
    list: async (language) => {
      const found = await get(`lessons.json?lang=${language}`);
      return found?.lessons ?? null;
    },
    /** @param {string} name @param {string} language */
    lesson: async (name, language) =>
      opened.get(name) ?? get(`lessons/${encodeURIComponent(name)}.json?lang=${language}`),
    /** A lesson as it is edited; null where it is no text. @param {string} name @param {string} language */
    source: (name, language) => get(`lessons/${encodeURIComponent(name)}/source.json?lang=${language}`),
    /** Keep a lesson of a file, or of a draft. @param {{name: string}} lesson */
    keep: (lesson) => opened.set(lesson.name, lesson),
    /** One that is kept, by its name. @param {string} name */
    kept: (name) => opened.get(name),
    opened: () => [...opened.values()].filter(({ draft }) => !draft),
  };
}
