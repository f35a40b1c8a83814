// Features: what a mount shows, each declared once; tabs, lists and wiring are made from the declarations.

import { make } from "./dom.js";

/**
 * @typedef {object} Shown a feature that has been put into its root
 * @property {(state: any, answer?: any) => void} [show] fills the root from the store's values; `answer` is {t, found}, what
 *   has been found of the feature's question at this moment or an earlier one, or null while nothing has
 * @property {(state: any) => object[]} [marks] every mark that is drawn in it and carries a number
 * @property {(state: any) => Picture[]} [pictures] what is drawn in it that can be taken along, as it is seen now
 * @property {(state: any) => Table[]} [tables] of numbers of it that can be taken along
 */

/**
 * A picture that can be taken along: `paint` draws it on any context, or `svg` makes it.
 *
 * @typedef {object} Picture
 * @property {string} name of its file
 * @property {string} word that names it
 * @property {object} [blanks] of the word
 * @property {number} width in CSS pixels
 * @property {number} height
 * @property {(context: any) => void} [paint]
 * @property {() => Promise<string>} [svg]
 * @property {() => number | undefined} [exact] the moment that it would draw now, where it follows the run at once
 */

/**
 * A table that can be taken along: `csv` is its comma-separated values.
 *
 * @typedef {{name: string, word: string, blanks?: object, csv: () => string | Promise<string>}} Table
 */

/**
 * @typedef {object} Feature
 * @property {string} name of its tab and its words
 * @property {string} [slot] the region of the markup that it is put into
 * @property {import("./keys.js").Keys} [state] the values that it keeps in the store, by their keys
 * @property {string[]} [watches] the store's values that it depends on, beside those that all of its kind do
 * @property {(state: any) => ({question: string} | null)} [question] with its fields, to be asked of the moment that is shown
 * @property {(store: any, ask: any) => void} [keep] keeps values of the run in step with its moment, by what it asks of the server
 * @property {Mount} [mount]
 * @property {() => Promise<{mount: Mount}>} [load] fetches the module of its panel, which has its `mount`, in place of one of
 *   its own; the panel is mounted when it is first shown, and then hears of the store's values as they are
 * @property {string} [speaks] a word that is there once those of that panel are, which are fetched with it
 * @property {URL | URL[]} [style] the style sheet of that panel, or several, which are fetched with it
 * @property {(state: any) => boolean} [wanted] whether it is to be shown, where that follows from what it watches
 * @property {string} [empty] the word for a panel of which nothing is wanted yet
 *
 * @typedef {(root: HTMLElement, tools: any) => Shown & Record<string, any>} Mount what it begins goes through
 *   `tools.store.life`, and so ends with the mount
 */

/**
 * Offer features as tabs in `list`. A tab's words are those of the feature's name after `words`, its id is the name
 * after `ids`; `named` makes of an id one that the whole document has once. `shown(name)` is the panel of a feature: it is
 * fetched when the tab has the pointer or the focus, or is pressed.
 *
 * @param {Element} list
 * @param {Feature[]} features
 * @param {{words: string, ids: string, named: (id: string) => string}} look
 * @param {(name: string) => Record<string, any>} shown
 */
export function offer(list, features, { words, ids, named }, shown) {
  const tabs = features.map(({ name }) => {
    const tab = make("button", { type: "button", role: "tab", id: named(`${ids}-${name}`) });
    Object.assign(tab.dataset, { tab: name, word: `${words}.${name}`, hint: `${words}.${name}.hint` });
    for (const event of ["pointerenter", "focus"]) tab.addEventListener(event, () => shown(name).expect?.());
    tab.addEventListener("click", () => shown(name).whole?.());
    return tab;
  });
  list.replaceChildren(...tabs);
}

/**
 * A panel for each feature, one after the other below `list`, which has their tabs: elements by name.
 *
 * @param {Element} list
 * @param {Feature[]} features
 * @param {{ids: string, named: (id: string) => string}} look
 * @param {string} className
 */
export function panelsFor(list, features, { ids, named }, className) {
  const made = features.map(({ name }) => {
    const panel = make("div", { className, role: "tabpanel" });
    panel.setAttribute("aria-labelledby", named(`${ids}-${name}`));
    panel.dataset.part = name;
    return [name, panel];
  });
  list.after(...made.map(([, panel]) => panel));
  return Object.fromEntries(made);
}
