// The numbers behind what the page shows, as comma-separated values: curves, tables, and every tensor of the moment.

import { Lost } from "../ask/connection.js";
import { decode } from "../ask/frame.js";
import { make } from "../base/dom.js";
import { download } from "../base/download.js";
import { say } from "../base/words.js";
import { csv } from "../tensor/csv.js";
import { nameOfFile } from "./names.js";
import { buttonOf, fieldOf, partOf } from "./parts.js";

/** The tensors that there are at the moment that have rows or columns, by their names. */
const tensorsOf = ({ listing, moment }) =>
  Object.keys(listing.tensors).filter((name) => listing.tensors[name].length > 0 && moment.has(name));

/** The part of the panel: {element, show}. `taken("tables")` are those of the page, `fetchFile(t)` all tensors of a moment. */
export function tablesPart({ store, taken, fetchFile }) {
  const select = make("select");
  const button = buttonOf("along.csv");
  const element = partOf("tables", make("div", { className: "along-row" }, fieldOf("along.table", select), button));
  let tables = [];

  /** A tensor in whole, of which the page may have a part only. */
  const tensorOf = async (name) => csv(decode(await fetchFile(store.get().moment.t)).tensors.get(name));

  button.addEventListener("click", async () => {
    const table = tables[select.selectedIndex];
    try {
      download(nameOfFile(store.get(), table.name, "csv"), await table.csv());
    } catch (error) {
      if (!(error instanceof Lost)) throw error; // it is told
    }
  });

  return {
    element,
    show(state) {
      const { words } = state;
      const tensors = tensorsOf(state).map((name) => ({ name, csv: () => tensorOf(name) }));
      const curves = taken("tables");
      tables = [...curves, ...tensors];
      const option = ({ name, word, blanks }) =>
        make("option", { value: name, textContent: word ? say(words, word, blanks) : name });
      const group = (label, of) => make("optgroup", { label: say(words, label) }, ...of.map(option));
      const { value } = select;
      select.replaceChildren(group("along.table.curves", curves), group("along.table.tensors", tensors));
      if (tables.some(({ name }) => name === value)) select.value = value;
    },
  };
}
