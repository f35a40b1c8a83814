// The wishes of the first layer for a picture: one small picture a neuron, and the one that they add up to.

import { createCells, MARGIN } from "../../tensor/cells.js";
import { palette } from "../../base/colours.js";
import { make } from "../../base/dom.js";
import { reach } from "../../draw/matrix.js";
import { paintTiles, tileAt, tilesOf } from "../../draw/wishes.js";
import { PICTURE } from "../../draw/layout.js";
import { brief, roundScale, scale, signed } from "../../base/numbers.js";
import { say } from "../../base/words.js";
import { unitName } from "./names.js";

const SIDE = 28;
const [SMALLEST, LARGEST, BETWEEN] = [4, 8, 14]; // pixels of a cell of the large pictures, and between the two
const WAYS = { ArrowLeft: -1, ArrowRight: 1 };

/** Set up the pictures: `element`, and `show(look)`. */
export function createPictures(store) {
  const canvas = make("canvas", { className: "wish-tiles", tabIndex: 0, role: "slider" });
  const context = canvas.getContext("2d");
  const [scales, said] = [make("p", { className: "quiet" }), make("p", { className: "quiet wish-readout" })];
  const [inputName, sumName] = [make("figcaption"), make("figcaption")];
  let [look, tiles, lit] = [null, null, null];

  const wordsOf = (k) => ({ unit: unitName(look.words, look.listing, 0, k) });
  const ofPixel = (name) =>
    createCells({
      pointed(index) {
        const k = index && index[0] * SIDE + index[1];
        store.set({ lit: index ? [{ tensor: "a0", index: [look.example, k] }] : [] });
        tell(
          index &&
            say(look.words, `wishes.cell.${name}`, {
              ...wordsOf(k),
              value: (name === "total" ? signed : brief)(data(name)[k]),
            }),
          cellsOf[name],
        );
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
  const neuronOf = (place) => look.found.get("columns")?.data[place] ?? place;

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
    const neuron = found && neuronOf(found.place);
    const own = found && { tensor: "a1", index: [look.example, neuron] };
    const [pixel, at] = [
      found?.cell !== undefined && { tensor: "W1", index: [neuron, found.cell] },
      found && found.place * PICTURE + found.cell,
    ];
    store.set({ lit: [own, pixel].filter(Boolean) });
    const above = found && unitName(look.words, look.listing, 1, neuron);
    const wish = found && signed(data("above")[neuron]);
    const text = !found
      ? undefined
      : pixel
        ? say(look.words, "wishes.cell", {
            ...wordsOf(found.cell),
            above,
            wish,
            value: signed(data("asked")[at]),
            w: brief(data("W")[at]),
          })
        : say(look.words, "wishes.cell.strip", { above, value: wish });
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
    const [wide, high] = [tiles.width, tiles.height].map((pixels) => Math.round(pixels * devicePixelRatio));
    Object.assign(canvas, {
      width: wide,
      height: high,
      ariaLabel: say(words, "wishes.tiles"),
      ariaValueMax: String(tiles.count - 1),
    });
    Object.assign(canvas.style, { width: `${tiles.width}px`, height: `${tiles.height}px` });
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    paint();
    const colours = palette(element);
    const pixel = Math.max(SMALLEST, Math.min(LARGEST, Math.floor(((width - BETWEEN) / 2 - 2 * MARGIN) / SIDE)));
    const side = SIDE * pixel + 2 * MARGIN;
    const size = { width: side, height: side };
    both.style.setProperty("--side", `${side}px`);
    cellsOf.a.show({ shape: [SIDE, SIDE], data: data("a") }, size, {
      cell: [pixel, pixel],
      colours,
      colouring: "ink",
      scale: 1,
    });
    cellsOf.total.show({ shape: [SIDE, SIDE], data: data("total") }, size, {
      cell: [pixel, pixel],
      colours,
      colouring: "along",
      scale: full,
    });
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
