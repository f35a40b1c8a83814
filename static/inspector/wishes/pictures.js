// The wishes of the first layer for a picture: one small picture a neuron, and the one that they add up to.

import { createCells, MARGIN } from "../../tensor/cells.js";
import { palette } from "../../base/colours.js";
import { make, shownIn } from "../../base/dom.js";
import { reach } from "../../draw/matrix.js";
import { paintTiles, tileAt, tilesOf } from "../../draw/wishes.js";
import { PICTURE } from "../../draw/layout.js";
import { roundScale, scale } from "../../base/numbers.js";
import { say } from "../../base/words.js";
import { aboutPixel, aboutTile, largeCell } from "./tiles.js";

const SIDE = 28;
const WAYS = { ArrowLeft: -1, ArrowRight: 1 };

/** Set up the pictures: `element`, and `show(look)`. */
export function createPictures(store) {
  const canvas = make("canvas", { className: "wish-tiles", tabIndex: 0, role: "slider" });
  const context = canvas.getContext("2d");
  const [scales, said] = [make("p", { className: "quiet" }), make("p", { className: "quiet wish-readout" })];
  const [inputName, sumName] = [make("figcaption"), make("figcaption")];
  let [look, tiles, lit] = [null, null, null];

  const ofPixel = (name) =>
    createCells({
      pointed(index) {
        const { text, lit: cells } = aboutPixel(look, name, index);
        store.set({ lit: cells });
        tell(text, cellsOf[name]);
      },
    });
  const cellsOf = { a: ofPixel("a"), total: ofPixel("total") };
  const both = make(
    "div",
    { className: "wish-both" },
    make("figure", {}, cellsOf.a.canvas, inputName),
    make("figure", {}, cellsOf.total.canvas, sumName),
  );
  const element = make("div", {}, make("div", { className: "wish-tiles-box" }, canvas), scales, both, said);

  const data = (name) => look.found.get(name).data;

  function tell(text, cells) {
    said.textContent = text ?? say(look.words, "wishes.point");
    cells?.say(say(look.words, cells === cellsOf.a ? "wishes.given" : "wishes.part.total"), text ?? "");
  }

  function paint() {
    context.clearRect(0, 0, canvas.width, canvas.height);
    paintTiles(context, tiles, { data: data("asked"), scale: tiles.scale, lit }, palette(element));
  }

  /** Point at a neuron's picture, and at a pixel of it where there is one. */
  function point(found) {
    if (!tiles) return;
    if (lit !== (found?.place ?? null)) {
      lit = found?.place ?? null;
      paint();
    }
    const { text, lit: cells } = aboutTile(look, found);
    store.set({ lit: cells });
    canvas.setAttribute("aria-valuenow", String(lit ?? 0));
    canvas.setAttribute("aria-valuetext", text ?? "");
    tell(text);
  }

  canvas.addEventListener("pointermove", (event) => tiles && point(tileAt(tiles, event.offsetX, event.offsetY)));
  canvas.addEventListener("pointerleave", () => point(null));
  canvas.addEventListener("blur", () => point(null));
  canvas.addEventListener("focus", () => point({ place: lit ?? 0 }));
  canvas.addEventListener("keydown", (event) => {
    const way = !event.shiftKey && { ...WAYS, ArrowUp: -tiles?.across, ArrowDown: tiles?.across }[event.key];
    if (!way) return;
    event.preventDefault();
    const place = (lit ?? 0) + way;
    if (place >= 0 && place < tiles.count) point({ place });
  });

  function show(given) {
    look = given;
    const { words } = look;
    const width = element.clientWidth;
    if (width < 60) return;
    const full = roundScale(reach(data("total")));
    tiles = { ...tilesOf(data("asked").length / PICTURE, width - 12), scale: roundScale(reach(data("asked"))) };
    Object.assign(canvas, { ariaLabel: say(words, "wishes.tiles"), ariaValueMax: String(tiles.count - 1) });
    shownIn(canvas, tiles.width, tiles.height);
    paint();
    const colours = palette(element);
    const pixel = largeCell(width);
    const side = SIDE * pixel + 2 * MARGIN;
    const size = { width: side, height: side };
    both.style.setProperty("--side", `${side}px`);
    const showCells = (name, style) =>
      cellsOf[name].show({ shape: [SIDE, SIDE], data: data(name) }, size, { cell: [pixel, pixel], colours, ...style });
    showCells("a", { colouring: "ink", scale: 1 });
    showCells("total", { colouring: "along", scale: full });
    inputName.textContent = say(words, "wishes.given");
    sumName.textContent = say(words, "wishes.ink");
    const count = look.listing.sizes[1];
    scales.textContent = [
      say(words, "wishes.tiles.scale", { asked: scale(tiles.scale), total: scale(full) }),
      ...(tiles.count < count ? [say(words, "wishes.columns", { shown: tiles.count, count })] : []),
    ].join(" ");
    for (const cells of Object.values(cellsOf)) tell(undefined, cells);
  }

  return { element, show };
}
