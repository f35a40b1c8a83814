// Points of the plane that are answered wrong: where they lie, on what the network answers, and as a list.

import { palette } from "../base/colours.js";
import { nearest, paintMeans, paintWrong } from "../draw/judged.js";
import { createPlanePainter, dataOf } from "../draw/plane.js";
import { make, refill } from "../base/dom.js";
import { alike, brief } from "../base/numbers.js";
import { say } from "../base/words.js";
import { chosenOf, headline } from "./gallery.js";
import { className } from "./names.js";
import { rowButton, table } from "./table.js";

const [LISTED, MARKED, GRID] = [8, 3000, 48];
const NOTHING = { t: null, listing: null };

export function pointsPart(root, store, { ask, show }) {
  const title = make("h3");
  const back = make("button", { type: "button", className: "quiet-button" });
  const canvas = make("canvas", { role: "img" });
  const key = make("p", { className: "quiet" });
  const list = make("div", { className: "scroll" });
  const plane = make("h3");
  root.append(
    make("section", { className: "card tall" }, plane, make("div", { className: "square" }, canvas), key),
    make("section", { className: "card" }, make("div", { className: "heading" }, title, back), list),
  );
  const paint = createPlanePainter();
  let [data, averages, loaded] = [null, null, ""];
  let [answer, answered] = [null, NOTHING]; // over the plane, and of which run and moment it is
  let chosen = null; // the row that is pointed out
  let size = 0;

  back.addEventListener("click", () => store.set({ cell: null }));
  store.life.resized(() => {
    size = canvas.clientWidth;
    canvas.width = canvas.height = Math.round(size * devicePixelRatio);
    draw(store.get());
  }, canvas);

  /** The points that are marked as wrong, {row, x, y, chosen}. */
  function wrongOf(state) {
    const { judged } = state;
    const wrong = judged?.classes && data ? chosenOf(state, MARKED) : [];
    return wrong.map(({ row }) => {
      const [x, y] = pointOf(judged.split, row);
      return { row, x, y, chosen: row === chosen };
    });
  }

  function choose(row) {
    chosen = chosen === row ? null : row;
    show();
  }

  canvas.addEventListener("click", ({ offsetX: x, offsetY: y }) => {
    const found = data && nearest(wrongOf(store.get()), { x, y }, { range: data.range, size });
    if (found) choose(found.row);
  });

  async function load({ sizes }, subject) {
    [loaded, data, answer, answered, chosen] = [subject, null, null, NOTHING, null];
    const [points, means] = [await ask("examples", {}), await ask("averages", {})];
    if (!points || !means || loaded !== subject) return;
    [data, averages] = [dataOf(points, sizes[0]), means];
    show();
  }

  async function respond({ listing, judged }) {
    const mine = { listing, t: judged.t };
    answered = mine;
    const { low, high } = data.range;
    const layer = listing.sizes.length - 1;
    const found = await ask("response", { layer, unit: listing.sizes[layer] - 1, low, high, points: GRID }, judged.t);
    if (answered !== mine) return;
    if (!found) {
      answered = NOTHING;
      return;
    }
    const { shape, data: values } = found.get("response");
    answer = { shape, values, tone: { centre: 0.5, reach: 0.5 } };
    draw(store.get());
  }

  const pointOf = (split, row) =>
    data.splits.find((each) => each.split === split).x.data.subarray(2 * row, 2 * row + 2);

  function draw(state) {
    if (!data || !size || root.hidden) return;
    const colours = palette(root);
    const context = canvas.getContext("2d");
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    const view = { data, answer, moment: null, colours, size, classes: true, output: true };
    paint(context, view);
    paintWrong(context, wrongOf(state), { range: data.range, size, colours });
    const mean = averages.get("mean").data;
    paintMeans(
      context,
      [0, 1].map((label) => ({
        x: mean[2 * label],
        y: mean[2 * label + 1],
        colour: label ? colours.second : colours.first,
      })),
      { range: data.range, size, colours },
    );
  }

  function line(state, each, output) {
    const { words, listing, judged } = state;
    const at = data ? alike(pointOf(judged.split, each.row)).join(", ") : "—";
    const button = rowButton(`(${at})`, each.row, each.row === chosen, () => choose(each.row));
    return [button, className(words, listing, each.label), output, brief(each.loss)];
  }

  return {
    show(state) {
      const { words, listing, judged } = state;
      const { dataset, seed } = listing.experiment;
      const subject = JSON.stringify([dataset, seed, listing.sizes.at(-1)]);
      if (loaded !== subject) load(listing, subject);
      else if (data && judged && (judged.t !== answered.t || listing !== answered.listing)) respond(state);
      headline(state, title, back);
      plane.textContent = say(words, "learned.plane");
      canvas.ariaLabel = say(words, "learned.plane.label");
      const mean =
        averages && data
          ? [0, 1].map((label) => `(${alike(averages.get("mean").data.slice(2 * label, 2 * label + 2)).join(", ")})`)
          : ["—", "—"];
      key.textContent = say(words, "learned.plane.key", { first: mean[0], second: mean[1] });
      const wrong = judged?.classes ? chosenOf(state, MARKED) : [];
      const found = wrong.filter(({ row }, i) => i < LISTED || row === chosen);
      const outputs = alike(found.map(({ output }) => output));
      const heads = ["point", "label", "output", "loss"].map((name) => say(words, `learned.column.${name}`));
      const none = make("p", {
        className: "quiet",
        textContent: say(words, judged ? "learned.none" : "learned.counting"),
      });
      refill(
        list,
        found.length
          ? table(
              heads,
              found.map((each, i) => line(state, each, outputs[i])),
            )
          : none,
      );
      draw(state);
    },
    marks: ({ judged, cell }) =>
      judged?.classes
        ? chosenOf({ judged, cell }, LISTED).map(({ row, output }) => ({
            kind: "wrong",
            tensor: "output",
            index: [row],
            value: output,
            colour: palette(root).text,
            size: 1,
          }))
        : [],
  };
}
