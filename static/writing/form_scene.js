// What a step shows: its scene, the cells that it lights, and the controls that matter.

import { make } from "../base/dom.js";
import { sceneOf as shownIn } from "../scene/keep.js";
import { lights } from "../tensor/linked_highlight.js";
import { chosenOf } from "./chosen.js";
import { editable, orNone } from "./fields.js";
import { heldIn, linkOf, sceneOf } from "./scene.js";

const CELL = /^(\w+?\d*)(?:\[([\d:, ]*)\])?$/;

/** What a scene holds, in words. */
function holds({ say, offers }, scene) {
  if (!scene) return say("writing.scene.unread");
  const { preset, scenario, dataset, t, view } = heldIn(scene, offers);
  const what = preset
    ? say(`preset.${preset}`)
    : scenario
      ? say(`scenario.${scenario}`)
      : say("writing.scene.own", { dataset: say(`dataset.${dataset}`) });
  return view.length ? say("writing.scene.holds", { what, t }) : say("writing.scene.holds.plain", { what, t });
}

/** The scene that is shown, as a step has it. */
export const shownScene = ({ store, offers }) => linkOf(shownIn(store.get(), store.keys), { keys: store.keys, offers });

/** The scene of a step. */
export function scenePart(form) {
  const { desk, parts, say, offers, show } = form;
  const step = desk.step();
  const link = editable(step, "scene");
  const scene = sceneOf(link, offers);
  const asked = editable(step, "predict")?.seed !== undefined;
  const short = link ? holds(form, scene) : say(asked ? "writing.scene.asked" : "writing.scene.before");
  const buttons = [
    parts.button(say("writing.scene.keep"), () => form.put("scene", shownScene(form)), { className: "" }),
    parts.button(say("writing.scene.show"), () => show(scene), { disabled: !scene }),
    ...(link ? [parts.button(say("writing.scene.remove"), () => form.put("scene", undefined))] : []),
  ];
  return parts.section(
    "scene",
    say("writing.scene"),
    short,
    parts.quiet(say("writing.scene.says")),
    parts.row(...buttons),
    parts.slot("open", "scene"),
  );
}

/** The cells of a text that this run has, for lighting them. */
function cellsIn(text, listing) {
  const [, tensor, index] = text.trim().match(CELL) ?? [];
  const axes = listing?.tensors[tensor];
  if (!axes) return [];
  const given = index?.split(",").map((each) => (each.trim() === ":" ? null : Number(each)));
  return given && given.length !== axes.length ? [] : [{ tensor, index: given ?? axes.map(() => null) }];
}

/** The cells that a step lights. */
export function lightPart(form) {
  const { desk, parts, say, store, refuse } = form;
  const light = editable(desk.step(), "light") ?? [];
  const chips = light.map((cell, i) => {
    const name = make("code", { textContent: cell });
    const drop = () => form.put("light", orNone(light.toSpliced(i, 1)));
    const remove = parts.button("×", drop, { key: `light ${i}`, label: say("writing.light.remove", { cell }) });
    const chip = make("li", { className: "writing-chip" }, name, remove);
    const cells = cellsIn(cell, store.get().listing);
    return cells.length ? lights(chip, store, cells) : chip;
  });
  const add = parts.button(
    say("writing.light.add"),
    () => {
      const cell = chosenOf(store.get());
      if (!cell) refuse("writing.chosen.none");
      else if (!light.includes(cell)) form.put("light", [...light, cell]);
    },
    { className: "" },
  );
  return parts.section(
    "light",
    say("writing.light"),
    light.length ? light.join(" ") : say("writing.light.none"),
    make("ul", { className: "writing-chips" }, ...chips),
    parts.row(add),
    parts.slot("open", "light"),
  );
}

/** The controls that matter in a step. */
export function controlsPart(form) {
  const { desk, parts, say, offered } = form;
  const matter = editable(desk.step(), "controls") ?? [];
  const boxes = offered.controls.map((name) => {
    const box = make("input", { type: "checkbox", checked: matter.includes(name) });
    box.dataset.key = `control ${name}`;
    box.addEventListener("change", () => {
      const rest = matter.filter((each) => each !== name);
      form.put("controls", orNone(box.checked ? [...rest, name] : rest));
    });
    return make("label", { className: "writing-box" }, box, say(`writing.control.${name}`));
  });
  const names = matter.map((name) => say(`writing.control.${name}`));
  return parts.section(
    "controls",
    say("writing.controls"),
    names.length ? names.join(say("list.comma")) : say("writing.controls.all"),
    parts.quiet(say("writing.controls.says")),
    make("div", { className: "writing-boxes" }, ...boxes),
    parts.slot("open", "controls"),
  );
}
