// Matrix: any tensor of the moment cell by cell, on a scale that it may share with others, and as files.

import { createCellBox } from "../../tensor/cellbox.js";
import { fillChoice } from "../../tensor/choice.js";
import { palette } from "../../base/colours.js";
import { Lost } from "../../ask/connection.js";
import { csv } from "../../tensor/csv.js";
import { make } from "../../base/dom.js";
import { download } from "../../base/download.js";
import { colouringOf, pooled, reach } from "../../draw/matrix.js";
import { roundScale } from "../../base/numbers.js";
import { createRamp } from "../../tensor/ramp.js";
import { choiceOf, placeOf, within } from "../../tensor/tensors.js";
import { say } from "../../base/words.js";
import { followed, SCOPES, wanted } from "./view.js";
import { aboutText, cellTexts, dueText, scaleText } from "./words.js";

/** The view's elements, with words and names but for those that change. */
function createParts(box, ramp) {
  const button = (textContent) => make("button", { type: "button", className: "quiet-button", textContent });
  const parts = {
    select: make("select"),
    smaller: button("−"),
    larger: button("+"),
    about: make("p", { className: "quiet" }),
    due: make("p"),
    cell: make("p", { className: "cell" }),
    full: make("p", { className: "quiet" }),
    scope: make("select"),
    csv: button(""),
    file: button(""),
  };
  parts.scale = make("div", { className: "matrix-scale" }, ramp, parts.full);
  parts.all = [
    make("div", { className: "choose" }, parts.select, parts.smaller, parts.larger),
    parts.about,
    parts.due,
    box,
    parts.cell,
    parts.scale,
    make("div", { className: "choose" }, parts.scope, parts.csv, parts.file),
  ];
  return parts;
}

/** Save the numbers of a tensor, as it is shown. */
const saveCells = ({ t, name, tensors }) => download(`${name}-t${t}.csv`, csv(tensors.get(name)));

function label(words, parts) {
  for (const name of ["select", "smaller", "larger", "scope"])
    parts[name].setAttribute("aria-label", say(words, `matrix.${name}`));
  for (const name of ["csv", "file"])
    Object.assign(parts[name], { textContent: say(words, `matrix.${name}`), title: say(words, `matrix.${name}.hint`) });
  parts.scope.replaceChildren(
    ...SCOPES.map((value) => make("option", { value, textContent: say(words, `matrix.scope.${value}`) })),
  );
}

/** Write what is said of a cell, its number and what it belongs to, below the cells and for screen readers. */
function tellCell(box, element, words, name, texts) {
  const [number, where] = texts;
  element.replaceChildren(make("b", { textContent: number }), make("span", { className: "quiet", textContent: where }));
  box.say(say(words, "matrix.cells", { tensor: name }), [number, where].filter(Boolean).join("; "));
}

/** Save the whole moment as a file, where there is one. */
async function save(moment, fetchFile) {
  if (!moment) return; // a run that has just begun has none yet
  try {
    download(`backscope-t${moment.t}.safetensors`, await fetchFile(moment.t));
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
  }
}

export function mount(root, { store, fetchFile }) {
  const box = createCellBox({ pointed, chosen });
  const ramp = createRamp();
  const parts = createParts(box.element, ramp.canvas);
  root.append(...parts.all);
  let shown = null; // {t, name, tensors}: what is painted
  let [pointing, painted, theme, colours, words, run] = [null, "", "", null, null, null];
  let zoom = 0; // how far it goes
  let width = 0; // of the view, in pixels of the page
  let ratio = 0; // the screen's pixels to a pixel of the page

  const set = (changes) => store.set({ matrix: { ...store.get().matrix, ...changes } });

  function show(state, answer) {
    if (!state.moment || !state.listing) return;
    if (words !== state.words) label((words = state.words), parts);
    if (theme !== state.theme) [theme, colours] = [state.theme, palette(root)];
    if (run !== state.listing) [run, shown, pointing] = [state.listing, null, null];
    const name = wanted(state);
    fillChoice(parts.select, state, followed(state));
    parts.scope.value = state.matrix.scope;
    if (!shown) parts.csv.disabled = true; // there is nothing to write yet
    if (!answer) return;
    const look = [name, words["language.code"], theme, ...Object.values(state.matrix), width, ratio].join();
    const same = shown?.tensors === answer.found.tensors && look === painted;
    [shown, painted] = [{ t: answer.t, name, tensors: answer.found.tensors }, look];
    if (!same) paint(state);
    if (shown.tensors.has(name)) light(state);
  }

  function paint(state) {
    const { name, tensors } = shown;
    const tensor = tensors.get(name);
    parts.about.textContent = aboutText(state, name, tensor);
    for (const part of [box.element, parts.cell, parts.scale]) part.hidden = !tensor;
    parts.due.hidden = Boolean(tensor);
    parts.csv.disabled = !tensor;
    parts.due.textContent = tensor ? "" : dueText(state, name);
    if (tensor) paintTensor(state.matrix, tensor);
    else parts.smaller.disabled = parts.larger.disabled = true;
  }

  function paintTensor(matrix, tensor) {
    const { name, tensors } = shown;
    const scale = roundScale(Math.max(...Array.from(tensors.values(), ({ data }) => reach(data))));
    const look = { colouring: colouringOf(name), scale, colours, font: getComputedStyle(root).fontFamily };
    const { cell, most, zoom: reached } = box.show(tensor, matrix.zoom, look);
    zoom = reached;
    ramp.show(look);
    parts.smaller.disabled = zoom === 0;
    parts.larger.disabled = zoom === most;
    parts.full.textContent = scaleText(words, scale, [...tensors.keys()], cell.map(pooled));
    tell(store.get());
  }

  /** Outline what is pointed at here, else what is pointed at or chosen in the network. */
  function light({ hovered, selected, listing }) {
    const mark = hovered ?? selected;
    const index = pointing ?? (mark && within(mark, shown.name, listing.tensors));
    box.light(index ? [placeOf(index)] : []);
  }

  /** The cell that is pointed at: its name, its number, and what it belongs to. */
  function tell({ listing }) {
    const { name, tensors } = shown;
    tellCell(box, parts.cell, words, name, cellTexts(words, listing, name, tensors.get(name), pointing));
  }

  function pointed(index) {
    const there = shown?.tensors.has(shown.name);
    pointing = there ? index : null;
    if (there) light(store.get());
    if (there) tell(store.get());
    store.set({ lit: pointing ? [{ tensor: shown.name, index }] : [] });
  }

  function chosen(index) {
    if (!shown) return;
    const { listing, example } = store.get();
    const choice = choiceOf(shown.name, index, listing.tensors, example);
    if (choice) set({ tensor: shown.name });
    if (choice) store.set(choice);
  }

  parts.select.addEventListener("change", () => set({ tensor: parts.select.value || null, zoom: 0 }));
  parts.scope.addEventListener("change", () => set({ scope: parts.scope.value }));
  parts.smaller.addEventListener("click", () => set({ zoom: zoom - 1 }));
  parts.larger.addEventListener("click", () => set({ zoom: zoom + 1 }));
  parts.csv.addEventListener("click", () => saveCells(shown));
  parts.file.addEventListener("click", () => save(store.get().moment, fetchFile));
  store.life.resized(() => {
    if (!root.clientWidth || (root.clientWidth === width && devicePixelRatio === ratio)) return;
    [width, ratio] = [root.clientWidth, devicePixelRatio];
    const { moment, listing } = store.get();
    if (shown && moment && listing === run) paint(store.get());
  }, root);

  return { show };
}
