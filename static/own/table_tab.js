// The tab for a table: it is read by the server, a person says what its columns are, and a run begins on it.

import { Lost, Refused } from "../ask/connection.js";
import { make, refill } from "../base/dom.js";
import { complainIn, forgive } from "../setup/complaint.js";
import { previewOf } from "./preview.js";
import { settingsOf } from "./settings.js";
import { createSource } from "./source.js";

/** A data set as it is first taken to be. */
const firstForm = ({ content, target, columns }) => ({
  name: "own",
  content,
  target,
  kind: columns.find(({ name }) => name === target).kind,
  held_out: 0.25,
  standardize: true,
});

/** The same settings for a table that was read another way, as far as it has the columns. */
function keptForm(told, before) {
  const has = (/** @type {string} */ name) => told.columns.some((column) => column.name === name);
  const fits = before && [before.target, ...(before.inputs ?? [])].every(has);
  return fits ? { ...before, content: told.content } : firstForm(told);
}

/**
 * The tab; `begin(dataset, record)` begins a run and rejects with what is refused. Returns {element, openFile, show, shown},
 * where `shown(words)` puts in the words of a language.
 */
export function createTableTab({ store, choices, named, tables, begin, seed }) {
  const about = make("div", { className: "own-about" });
  const go = make("button", { type: "button", className: "primary" });
  go.dataset.word = "own.begin";
  const preview = make("div", { className: "own-preview", tabIndex: 0 });
  preview.setAttribute("role", "region");
  preview.dataset.label = "own.preview";
  const settings = make("div", { className: "own-settings" });
  about.append(preview, settings);
  let [table, told, form, described] = [null, null, null, null];
  let newest = {}; // what was asked for last: what comes later of anything else is not shown

  const source = createSource(store, choices.limits.table, {
    given,
    typed: () => (go.disabled = true),
    refuse: complain,
  });
  const element = make(
    "div",
    { className: "own-table" },
    source.element,
    about,
    make("div", { className: "own-end" }, go),
  );

  function complain(/** @type {Error} */ error) {
    if (error instanceof Lost) store.set({ notice: { text: "own.lost", untilConnected: true } });
    else if (error instanceof Refused) complainIn(element, store.get().words, error);
    else throw error;
  }

  function show() {
    const { words } = store.get();
    source.show(words, table, told);
    about.hidden = !told;
    go.disabled = !described;
    if (!told) return;
    refill(preview, previewOf(words, told, form, named, choose));
    refill(settings, ...settingsOf(words, told, form, described, choose));
  }

  /** Do what may be refused, unless something else is asked for meanwhile; then show all anew. */
  async function attempt(work) {
    const mine = {};
    newest = mine;
    go.disabled = true;
    let wrong = null;
    await work(() => newest === mine).catch((error) => (wrong = error));
    if (newest !== mine) return;
    show();
    forgive(element);
    if (wrong) complain(wrong);
  }

  async function describe(isNewest) {
    const found = await (await tables()).describe(form, seed());
    if (isNewest()) described = found;
  }

  /** A table is to be read: a new one, or the same in another way; `wanted` is its form, where that is known. */
  function given(next, wanted = next.text === table?.text ? form : null) {
    if (next.text !== table?.text) told = null; // what is refused is not shown as what was before
    [table, described] = [next, null];
    source.wait(store.get().words);
    return attempt(async (isNewest) => {
      const found = next.text.trim() ? await (await tables()).give(next) : null;
      if (!isNewest()) return;
      [told, form] = [found, found && keptForm(found, wanted)];
      if (told) await describe(isNewest);
    });
  }

  /** Show the table of the run that is shown, where none has been given yet. */
  async function recall() {
    const { dataset } = store.get().listing.experiment;
    const known = dataset.content && (await tables().catch(() => null))?.get(dataset.content);
    if (!known || table) return;
    source.fill(known.text);
    await given(known, dataset);
  }

  function choose(next) {
    [form, described] = [next, null];
    return attempt(describe);
  }

  go.addEventListener("click", () => attempt(() => begin(described.dataset, described.record)));
  return {
    element,
    openFile: source.openFile,
    show() {
      show();
      if (!table) recall();
    },
  };
}
