// The scenes that a class's link and a frame's link open, made of the one that is shown.

/**
 * @typedef {{experiment?: any, t?: number, view: Record<string, any>}} Scene
 * @typedef {object} Choice what a teacher has chosen for a class
 * @property {string[]} hide the parts that are left out
 * @property {string | null} language that is fixed
 * @property {string | null} lesson the step with which it begins, such as "tour.3", which brings its own scene
 * @property {boolean} questions whether the lesson only asks
 * @property {boolean} embed whether it is for a frame
 */

/**
 * The scene of a class's link. What is a person's own, the theme, and the projector stay out of it; where the language is
 * fixed, there is nothing to choose another one by.
 *
 * @param {Scene} scene
 * @param {Choice} choice
 * @returns {Scene}
 */
export function forClass({ experiment, t, view }, { hide, language, lesson, questions, embed }) {
  const parts = language ? [...new Set([...hide, "language"])] : hide;
  const chosen = { hide: parts, language, lesson, quiz: questions, embed };
  if (lesson) return { view: chosen };
  const { theme: _theme, projector: _projector, ...rest } = view;
  return { experiment, t, view: { ...rest, ...chosen } };
}

/**
 * The same scene with nothing left out.
 *
 * @param {Scene} scene
 * @returns {Scene}
 */
export const inFull = ({ view, ...scene }) => ({ ...scene, view: { ...view, hide: [], quiz: false, embed: false } });

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (letter) => ENTITIES[letter]);

/**
 * What one puts into a page to show the address in a frame there.
 *
 * @param {string} href
 * @param {string} title
 * @param {number} height pixels
 */
export const snippetOf = (href, title, height) =>
  `<iframe src="${escaped(href)}" title="${escaped(title)}" width="100%" height="${height}" style="border: 0" loading="lazy"></iframe>`;
