// A context that records what is drawn on it as SVG. It has what the drawings of this page use of a canvas's context;
// colours, fonts, measures and transforms are those of a real one.

import { make } from "../base/dom.js";
import { createPath, short } from "./path.js";

const STATE = [
  "fillStyle",
  "strokeStyle",
  "lineWidth",
  "globalAlpha",
  "font",
  "textAlign",
  "textBaseline",
  "lineCap",
  "lineJoin",
  "lineDashOffset",
  "imageSmoothingEnabled",
];
const HANDED_ON = ["translate", "rotate", "scale", "getTransform", "measureText", "setLineDash"];
const ANCHORS = { center: "middle", right: "end", end: "end" };
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as it stands in XML. */
export const escaped = (/** @type {any} */ text) => String(text).replace(/[&<>"]/g, (sign) => ESCAPES[sign]);

/** An element of SVG as text. */
export const element = (/** @type {string} */ name, /** @type {Record<string, any>} */ attributes, inside = "") => {
  const written = Object.entries(attributes).filter(([, value]) => value !== null && value !== "");
  const list = written.map(([key, value]) => ` ${key}="${escaped(value)}"`).join("");
  return inside ? `<${name}${list}>${inside}</${name}>` : `<${name}${list}/>`;
};

/** A colour as SVG has it: without its share of opacity, and that share. */
function toneOf(/** @type {string} */ style) {
  const [, red, green, blue, share] = style.match(/^rgba\((\d+), (\d+), (\d+), ([\d.]+)\)$/) ?? [];
  return red === undefined ? { tone: style, share: 1 } : { tone: `rgb(${red},${green},${blue})`, share: Number(share) };
}

const shareOf = (/** @type {number} */ share) => (share < 1 ? short(share) : null);

/** How the inside or the outline of something is painted. @param {any} pen @param {"fill" | "stroke"} kind */
function painted(pen, kind) {
  const { tone, share } = toneOf(pen[`${kind}Style`]);
  const opacity = shareOf(share * pen.globalAlpha);
  if (kind === "fill") return { fill: tone, "fill-opacity": opacity };
  const dash = pen.getLineDash();
  return {
    fill: "none",
    stroke: tone,
    "stroke-opacity": opacity,
    "stroke-width": short(pen.lineWidth),
    "stroke-linecap": pen.lineCap === "butt" ? null : pen.lineCap,
    "stroke-linejoin": pen.lineJoin === "miter" ? null : pen.lineJoin,
    "stroke-miterlimit": pen.lineJoin === "miter" ? pen.miterLimit : null,
    "stroke-dasharray": dash.length ? dash.map(short).join(" ") : null,
    "stroke-dashoffset": pen.lineDashOffset ? short(pen.lineDashOffset) : null,
  };
}

/** Some of a picture, or all of it, as the address of a PNG. */
function pixelsOf(source, part) {
  const [left, top, width, height] = part;
  const canvas = make("canvas", { width, height });
  canvas.getContext("2d").drawImage(source, left, top, width, height, 0, 0, width, height);
  return canvas.toDataURL();
}

/**
 * A context for a drawing of this size, in CSS pixels. `body()` is what has been drawn, as elements of SVG; `place(svg)`
 * adds elements that are there already.
 * Where several drawings stand in one document, `called` tells them apart.
 *
 * @param {number} width
 * @param {number} height
 * @param {string} [called]
 */
export function createVector(width, height, called = "") {
  const pen = make("canvas", { width: 1, height: 1 }).getContext("2d");
  const path = createPath();
  /** @type {string[]} */
  const elements = [];
  /** @type {(string | null)[]} */
  const clips = [null]; // what is drawn within, with those of the states that are saved
  let clipped = 0;

  /** Where something is drawn, beside its own coordinates. */
  function placed() {
    const { a, b, c, d, e, f } = pen.getTransform();
    const matrix = [a, b, c, d, e, f];
    const moved = matrix.join() !== "1,0,0,1,0,0";
    return { transform: moved ? `matrix(${matrix.map(short).join(" ")})` : null, "clip-path": clips.at(-1) };
  }
  const add = (name, attributes, inside) => elements.push(element(name, { ...attributes, ...placed() }, inside));

  /** A text at its base line, which other viewers agree about. @param {"fill" | "stroke"} kind */
  function write(kind, text, x, y) {
    const { textBaseline } = pen;
    const above = pen.measureText("x").fontBoundingBoxAscent;
    pen.textBaseline = "alphabetic";
    const down = pen.measureText("x").fontBoundingBoxAscent - above;
    pen.textBaseline = textBaseline;
    const anchor = ANCHORS[pen.textAlign] ?? null;
    const look = { style: `font:${pen.font}`, "text-anchor": anchor, "xml:space": "preserve" };
    add("text", { x: short(x), y: short(y + down), ...look, ...painted(pen, kind) }, escaped(text));
  }

  const context = {
    canvas: { width: Math.round(width * devicePixelRatio), height: Math.round(height * devicePixelRatio) },
    beginPath: path.begin,
    moveTo: path.moveTo,
    lineTo: path.lineTo,
    closePath: path.close,
    bezierCurveTo: path.bezier,
    arc: path.arc,
    rect: path.rect,
    roundRect: path.roundRect,
    fill: () => add("path", { d: path.data(), ...painted(pen, "fill") }),
    stroke: () => add("path", { d: path.data(), ...painted(pen, "stroke") }),
    fillRect: (x, y, w, h) => add("rect", { ...boxOf(x, y, w, h), ...painted(pen, "fill") }),
    strokeRect: (x, y, w, h) => add("rect", { ...boxOf(x, y, w, h), ...painted(pen, "stroke") }),
    clearRect() {}, // nothing is drawn before
    fillText: (text, x, y) => write("fill", text, x, y),
    strokeText: (text, x, y) => write("stroke", text, x, y),
    drawImage(source, ...places) {
      const part = places.length > 4 ? places.slice(0, 4) : [0, 0, source.width, source.height];
      const [x, y, w = source.width, h = source.height] = places.slice(places.length > 4 ? 4 : 0);
      const style = pen.imageSmoothingEnabled ? null : "image-rendering:pixelated";
      const look = { style, opacity: shareOf(pen.globalAlpha), preserveAspectRatio: "none" };
      add("image", { ...boxOf(x, y, w, h), ...look, href: pixelsOf(source, part) });
    },
    clip() {
      const id = `${called}clip${++clipped}`;
      const shape = element("path", { d: path.data(), ...placed() });
      elements.push(element("clipPath", { id }, shape));
      clips[clips.length - 1] = `url(#${id})`;
    },
    save() {
      pen.save();
      clips.push(clips.at(-1));
    },
    restore() {
      pen.restore();
      if (clips.length > 1) clips.pop();
    },
    body: () => elements.join("\n"),
    place: (/** @type {string} */ svg) => elements.push(svg),
  };
  for (const field of STATE)
    Object.defineProperty(context, field, {
      get: () => pen[field],
      set(value) {
        pen[field] = value;
      },
    });
  for (const method of HANDED_ON) context[method] = (...given) => pen[method](...given);
  return context;
}

/** @param {number} x @param {number} y @param {number} width @param {number} height */
const boxOf = (x, y, width, height) => ({
  x: short(Math.min(x, x + width)),
  y: short(Math.min(y, y + height)),
  width: short(Math.abs(width)),
  height: short(Math.abs(height)),
});
