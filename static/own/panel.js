// The dialog of one's own data: a tab for a table, and one for points that are painted.

import { Lost } from "../ask/connection.js";
import { make } from "../base/dom.js";
import { tabs } from "../base/tabs.js";
import { apply } from "../base/words.js";
import { settingsAt, withDataset } from "../setup/experiment.js";
import { createPointsTab } from "./points_tab.js";
import { createTableTab } from "./table_tab.js";

const VALUES_RATE = 0.05; // the largest learning rate that a run on values begins with
const TABS = { table: createTableTab, points: createPointsTab };

/** The dialog, with a tab for each name. */
function createDialog(named) {
  const title = make("h2", { id: named("own-title") });
  title.dataset.word = "own.title";
  const close = make("button", { type: "button", className: "icon", textContent: "×" });
  close.dataset.label = "own.close";
  const list = make("div", { className: "own-tabs" });
  list.setAttribute("role", "tablist");
  list.dataset.label = "own.title";
  for (const name of Object.keys(TABS)) {
    const tab = make("button", { type: "button", role: "tab", id: named(`own-tab-${name}`) });
    Object.assign(tab.dataset, { tab: name, word: `own.tab.${name}` });
    list.append(tab);
  }
  const dialog = make("dialog", { className: "own-data" }, make("div", { className: "heading" }, title, list, close));
  dialog.setAttribute("aria-labelledby", title.id);
  return { dialog, list, close };
}

/** Set up the dialog in the mount `all`; `start(experiment)` begins another run. */
export function mount(root, { all, store, ask, choices, named, start, tables, storage }) {
  const { dialog, list, close } = createDialog(named);

  /**
   * Begin a run of the present network on a data set, with the output that suits it; of values, whose errors have no bound,
   * with a learning rate that is not too large for them.
   */
  async function begin(dataset, record) {
    const { listing, moment } = store.get();
    const offered = { ...choices, datasets: { ...choices.datasets, [dataset.name]: record } };
    const wanted = withDataset(offered, settingsAt(listing, moment?.t ?? 0), dataset);
    const rate = record.kind === "values" ? VALUES_RATE : Infinity;
    const optimizer = { ...wanted.optimizer, learning_rate: Math.min(wanted.optimizer.learning_rate, rate) };
    await start({ ...wanted, optimizer }).catch((error) => {
      if (!(error instanceof Lost)) throw error; // else it waits, which is told
    });
    dialog.close();
  }

  const seed = () => store.get().listing.experiment.seed;
  const parts = Object.entries(TABS).map(([name, create]) => {
    const part = create({ store, ask, choices, named, tables, begin, seed, storage });
    const panel = make("div", { role: "tabpanel", className: "own-part" }, part.element);
    panel.setAttribute("aria-labelledby", named(`own-tab-${name}`));
    dialog.append(panel);
    return { name, panel, part };
  });
  all.append(dialog);

  function front(name) {
    if (name === null) return;
    for (const each of parts) each.panel.hidden = each.name !== name;
    if (!dialog.open) dialog.showModal();
    for (const each of parts) if (each.name === name) each.part.show();
    apply(store.get().words, dialog);
  }

  tabs(list, store, "ownOpen", front);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => store.set({ ownOpen: null }));
  const drop = (/** @type {DragEvent} */ event) => {
    const [file] = event.dataTransfer.files;
    if (!file || /\.(json|md|safetensors)$/i.test(file.name)) return; // which the page opens
    event.preventDefault();
    event.stopPropagation(); // or the page opens it too
    all.classList.remove("dropping");
    openFile(file);
  };
  dialog.addEventListener("drop", drop);
  store.on(["words", "theme"], ({ ownOpen }) => front(ownOpen));

  /** Open a table's file. @param {File} file */
  async function openFile(file) {
    store.set({ ownOpen: "table" });
    await parts.find(({ name }) => name === "table").part.openFile(file);
  }
  return { openFile };
}
