// The table of the lanes at this moment: their numbers, the ground that they stand on, and whether their mini-batches are
// the same.

import { make } from "../base/dom.js";
import { brief } from "../base/numbers.js";
import { percent, say } from "../base/words.js";
import { same } from "../scene/difference.js";

const SHOWN = 4; // row numbers of a mini-batch that are told
const COLUMNS = ["loss", "training", "accuracy", "norm", "ground"];

/** A number as it is told; those that JSON has not come as texts, and what is not known as null. */
const number = (value) => (value === null || value === undefined ? "—" : brief(Number(value)));

/** The numbers of a mini-batch's examples, or that they are those of lane A. */
export function batchOf(words, rows, first) {
  if (!rows) return "—";
  if (first && same(rows, first)) return say(words, "lane.batch.same");
  const told = rows.slice(0, SHOWN).map(String);
  return rows.length > SHOWN
    ? say(words, "lane.batch.more", { rows: told, count: rows.length })
    : say(words, "lane.batch.rows", { rows: told });
}

/** The cells of a lane's row by their columns, as texts. */
function cellsOf(words, { standing, ground }) {
  if (!standing) return Object.fromEntries(COLUMNS.map((column) => [column, "—"]));
  const { training, loss, gradient_norm: norm } = standing;
  return {
    loss: number(loss),
    training: number(training.loss),
    accuracy: training.accuracy === null ? "—" : percent(words, training.accuracy, 0),
    norm: number(norm),
    ground: ground ? say(words, `lane.ground.${ground.ground}`) : "—",
  };
}

/** The table in `root`. `known(lane)` is what is known of a lane, `called(lane)` its name. Returns {show}. */
export function createTable(root, { store }, lanes, known, called) {
  const heading = make("h2");
  const body = make("tbody");
  const head = make("tr");
  const batches = make("p", { className: "quiet" });
  const table = make("table", {}, make("thead", {}, head), body);
  root.append(heading, make("div", { className: "scrolls", tabIndex: 0 }, table), batches);

  return {
    show() {
      const { words } = store.get();
      heading.textContent = say(words, "lane.table");
      table.ariaLabel = table.parentElement.ariaLabel = heading.textContent;
      table.parentElement.setAttribute("role", "group");
      const titles = ["lane.column.lane", ...COLUMNS.map((column) => `lane.column.${column}`)];
      head.replaceChildren(
        ...titles.map((word) =>
          make("th", { scope: "col", textContent: say(words, word), title: say(words, `${word}.hint`) }),
        ),
      );
      const all = lanes.all();
      const first = known(all[0]).standing?.rows ?? null;
      const rows = all.map((lane) => {
        const { ground } = known(lane);
        const cells = cellsOf(words, known(lane));
        const name = make("th", { scope: "row", title: called(lane) }, make("i", { className: "dot" }), lane.name);
        const row = make("tr", {}, name, ...COLUMNS.map((column) => make("td", { textContent: cells[column] })));
        row.dataset.lane = lane.name;
        if (ground)
          row.cells[1 + COLUMNS.indexOf("ground")].title = say(words, "lane.ground.says", {
            slope: brief(ground.slope),
            smallest: brief(ground.smallest),
            largest: brief(ground.largest),
          });
        return row;
      });
      body.replaceChildren(...rows);
      const told = all.map((lane, place) =>
        say(words, "lane.batch.of", {
          name: lane.name,
          rows: batchOf(words, known(lane).standing?.rows, place ? first : null),
        }),
      );
      batches.textContent = say(words, "lane.batches", { told: told.join(say(words, "lane.batch.and")) });
    },
  };
}
