// A picture with its caption, as SVG and as PNG.

import { make } from "../base/dom.js";
import { heightOf, paintCaption } from "./caption.js";
import { createVector, element, escaped } from "./vector.js";

const SHARPER = 2; // pixels of a PNG for each of the page, at least
const SVG = "http://www.w3.org/2000/svg";
const FONT = new URL("../fonts/inter.woff2", import.meta.url);

/** Bytes as the address of a file of this kind. @returns {Promise<string>} */
const addressOf = (/** @type {Blob} */ blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });

/** The page's font, so that a drawing looks the same where it is not installed; nothing where it cannot be had. */
async function fontFace() {
  try {
    const address = await addressOf(await (await fetch(FONT)).blob());
    return `@font-face{font-family:Inter;font-weight:100 900;src:url("${address}") format("woff2")}`;
  } catch {
    return "";
  }
}

/** An image that is there. @returns {Promise<HTMLImageElement>} */
const imageOf = (/** @type {string} */ src) =>
  new Promise((resolve, reject) => {
    const image = make("img", { onload: () => resolve(image), onerror: () => reject(new Error("no image")) });
    image.src = src;
  });

/** A drawing that is SVG already, at a place of another one. */
const placed = (/** @type {string} */ svg) => svg.slice(svg.indexOf("<svg"));

/** A picture alone as the text of an SVG. @returns {Promise<string>} */
export async function bareOf(picture, colours) {
  const { name, width, height } = picture;
  if (picture.svg) return placed(await picture.svg());
  const context = createVector(width, height, name);
  picture.paint(context);
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  const ground = element("rect", { width, height, fill: colours.paper });
  return element("svg", { xmlns: SVG, ...size }, `${ground}\n${context.body()}`);
}

/**
 * A picture with its caption. `look` has the font and the colours of the page. Returns {width, height, svg, png}: its
 * size in CSS pixels, and what makes its text as SVG and a PNG.
 *
 * @param {import("../base/feature.js").Picture} picture
 * @param {{title: string, place: string, address: string}} caption
 * @param {{font: string, colours: any}} look
 */
export function drawingOf(picture, caption, { font, colours }) {
  const { width } = picture;
  const measured = make("canvas").getContext("2d");
  const height = picture.height + heightOf(measured, caption, width, font);
  const below = { width, top: picture.height, font, colours };
  const ground = { width, height, fill: colours.paper };

  async function svg() {
    const context = createVector(width, height);
    if (picture.svg) context.place(placed(await picture.svg()));
    else picture.paint(context);
    paintCaption(context, caption, below);
    const words = [caption.title, caption.place, caption.address].filter(Boolean);
    const inside = [
      element("title", {}, escaped(words[0])),
      element("desc", {}, escaped(words.slice(1).join("\n"))),
      element("style", {}, await fontFace()),
      element("rect", ground),
      context.body(),
    ].join("\n");
    const size = { width, height, viewBox: `0 0 ${width} ${height}` };
    return element("svg", { xmlns: SVG, ...size }, `\n${inside}\n`);
  }

  /** The picture on a canvas with this many pixels for each of the page. */
  async function canvas(ratio = Math.max(SHARPER, devicePixelRatio)) {
    const made = make("canvas", { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const context = made.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.save();
    if (picture.svg) {
      const address = `data:image/svg+xml,${encodeURIComponent(await picture.svg())}`;
      context.drawImage(await imageOf(address), 0, 0, width, picture.height);
    } else picture.paint(context);
    context.restore();
    paintCaption(context, caption, below);
    context.globalCompositeOperation = "destination-over"; // a picture may begin with a clear ground
    context.fillStyle = colours.paper;
    context.fillRect(0, 0, width, height);
    return made;
  }

  /** @returns {Promise<Blob>} */
  const png = async () => {
    const made = await canvas();
    return new Promise((resolve) => made.toBlob(resolve));
  };
  return { width, height, svg, canvas, png };
}
