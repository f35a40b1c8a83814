// Where something is seen: a view of the inspector, a chart, a side of the stage, a control, a scene, or a lesson.

import { say } from "../base/words.js";
import { CONTROLS } from "../page/parts.js";
import { read } from "../scene/fragment.js";
import { choiceOf } from "../tensor/tensors.js";

/** Where the controls are that lessons do not name. @type {Record<string, string>} */
const OTHERS = {
  check: "[data-control=check]",
  save: "[data-control=save]",
  legend: "[data-region=legend]",
  practice: "[data-control=practice]",
};
const SHOWN = 1800; // milliseconds for which what has been led to is marked

/** What a control is called on the page. */
const nameOf = (control) =>
  (control.ariaLabel ?? control.querySelector("[aria-label]")?.ariaLabel ?? control.textContent).trim();

const controlOf = (all, which) => all.querySelector(CONTROLS[which] ?? OTHERS[which]);

/** A mark to choose where none is: of a tensor, or a weight into the output. */
function markOf({ listing, moment, example }, tensor) {
  const { tensors } = listing;
  const first = (name) =>
    choiceOf(
      name,
      tensors[name].map((axis) => (axis === "example" ? moment.shownExample(example) : 0)),
      tensors,
      example,
    );
  return (tensor && first(tensor)) ?? first(`W${listing.sizes.length - 1}`);
}

/** What a button says that leads to a place, {which, title}; a control is called what it is called on the page of `all`. */
const TEXTS = {
  view: (words, { which }) => say(words, "glossary.see.view", { name: say(words, `view.${which}`) }),
  tensor: (words, { which }) => say(words, "glossary.see.tensor", { name: which }),
  chart: (words, { which }) => say(words, "glossary.see.chart", { name: say(words, `chart.${which}`) }),
  stage: (words, { which }) => say(words, `stage.${which}`),
  control: (_words, { which }, all) => nameOf(controlOf(all, which)),
  lesson: (words, { title }) => say(words, "glossary.see.lesson", { name: title }),
  scene(words, { which }) {
    const fields = new URLSearchParams(which.slice(1));
    const [kind, name] = [...fields].find(([field]) => field === "preset" || field === "scenario");
    const word = fields.has("experiment") ? "glossary.see.with" : "glossary.see.scene";
    return say(words, word, { name: say(words, `${kind}.${name}`) });
  },
};

/**
 * What leads to the places where an entry is seen. `tools` are the mount's; `about()` is what the card is of, {asked, tensor},
 * which a scene is opened beside; `left(target)` hears that a place has been gone to.
 */
export function createGuide({ all, store, openScene, openLesson, offers }, about, left) {
  const { life } = store;

  /** Bring what has been led to into sight, mark it for a while, and give it the focus where the keys have led there. */
  function show(selector, byKeys) {
    left(all.querySelector(selector));
    life.frame(() => {
      const target = all.querySelector(selector);
      if (!target) return;
      target.scrollIntoView({ block: "nearest" });
      target.classList.add("led-to");
      life.later(() => target.classList.remove("led-to"), SHOWN);
      if (!byKeys) return;
      if (!target.matches("button, input, select, [tabindex]")) {
        target.tabIndex = -1;
        target.addEventListener("blur", () => target.removeAttribute("tabindex"), { once: true });
      }
      target.focus({ preventScroll: true });
    });
  }

  const inspect = (changes) =>
    store.set({ projector: false, tab: "side", inspected: store.get().inspected + 1, ...changes });

  const GO = {
    view(which, byKeys) {
      const state = store.get();
      inspect({ view: which, ...(state.selected ? {} : markOf(state, about().tensor)) });
      show(`[data-region=inspector] [data-part=${which}]`, byKeys);
    },
    tensor(which, byKeys) {
      inspect({ view: "matrix", matrix: { ...store.get().matrix, tensor: which } });
      show("[data-region=inspector] [data-part=matrix]", byKeys);
    },
    chart(which, byKeys) {
      store.set({ projector: false, tab: "loss", chart: which });
      show("[data-region=loss]", byKeys);
    },
    stage(which, byKeys) {
      store.set({ stage: which });
      show(which === "network" ? "[data-region=network]" : `[data-region=${which}]`, byKeys);
    },
    control(which, byKeys) {
      const tab = ["experiment", "loss", "side"].find((each) => controlOf(all, which).closest(`[data-region=${each}]`));
      store.set({ projector: false, ...(tab ? { tab } : {}), ...(which === "legend" ? { legendOpen: true } : {}) });
      show(CONTROLS[which] ?? OTHERS[which], byKeys);
    },
    lesson(which) {
      left(null);
      openLesson(which);
    },
    async scene(which, byKeys) {
      const { projector, lesson } = store.get();
      const scene = read(which, offers);
      const opened = await openScene({ ...scene, view: { projector, lesson, ...scene.view, glossary: about().asked } });
      if (opened) show("[data-region=network]", byKeys);
    },
  };

  /** Whether a place is there in the run that is shown. */
  const isThere = ({ kind, which }) => kind !== "control" || !controlOf(all, which).closest("[hidden]");

  /** The places of an entry, {text, go(byKeys)}; `tensors` are those of the run that it is about, the first of which is shown. */
  return function placesOf(words, { see }, tensors) {
    const own = tensors.slice(0, 1).map((which) => ({ kind: "tensor", which }));
    return [...own, ...see.filter(isThere)].map((place) => ({
      text: TEXTS[place.kind](words, place, all),
      kind: place.kind,
      go: (byKeys) => GO[place.kind](place.which, byKeys),
    }));
  };
}
