// The controls of the surface: which plane, which examples, the look, and what part of it is seen.

import { make } from "../base/dom.js";
import { say } from "../base/words.js";
import { KINDS } from "./feature.js";

const LARGEST_SEED = 2 ** 32;
const NEARER = 2;
const FARTHEST = 1e6; // times nearer

/** The plane that a kind begins with: moments of the path, the chosen weight and another one, a seed. */
export function planeOf(kind, { moments, selected, listing }) {
  const middle = moments[Math.floor(moments.length / 2)] ?? 1;
  const first =
    selected?.index && /^(W|b|gamma|beta)\d+$/.test(selected.tensor) ? selected : { tensor: "W1", index: [0, 0] };
  const name = `${first.tensor}[${first.index.join(", ")}]`;
  const others = [`W${listing.sizes.length - 1}[0, 0]`, "W1[0, 0]", "b1[0]"];
  const plane = {
    main_directions: {},
    moments: { moments: [moments[0] ?? 0, middle, moments.at(-1) ?? 2] },
    weights: { weights: [name, others.find((each) => each !== name)] },
    random: { seed: 0 },
  };
  return { kind, ...plane[kind] };
}

/** The name of a weight as it is written in a scene, with one space after the comma. */
const tidy = (text) => text.replace(/\s/g, "").replace(",", ", ");

/** A number or a name that a person writes, with its label. */
function field(key, type, commit) {
  const input = make("input", { type, ...(type === "number" ? { min: "0", step: "1" } : { spellcheck: false }) });
  input.dataset.label = key;
  input.addEventListener("change", () => commit(input.value));
  return input;
}

/** A choice: a select whose options are words that begin with `words`. */
function choice(key, names, words, commit) {
  const options = names.map((name) => {
    const option = make("option", { value: name });
    option.dataset.word = `${words}.${name}`;
    return option;
  });
  const select = make("select", {}, ...options);
  select.dataset.label = key;
  select.addEventListener("change", () => commit(select.value));
  return select;
}

/** A button with a word, or a label alone where it has a sign. */
function button(key, sign, pressed) {
  const made = make("button", { type: "button", className: "quiet-button", textContent: sign });
  Object.assign(made.dataset, sign ? { label: key, hint: key } : { word: key, hint: `${key}.hint` });
  made.addEventListener("click", pressed);
  return made;
}

/** Put the words of the catalogue into elements that name theirs. */
function dress(root, words) {
  for (const each of root.querySelectorAll("[data-word]")) each.textContent = say(words, each.dataset.word);
  for (const each of root.querySelectorAll("[data-label]")) each.ariaLabel = say(words, each.dataset.label);
  for (const each of root.querySelectorAll("[data-hint]")) each.title = say(words, each.dataset.hint);
}

/** The fields of the plane that is chosen, filled in; `put(more)` chooses another one of its kind. */
function createFields(root, put) {
  let made = null; // the kind that the fields are of

  const kinds = {
    main_directions: () => [],
    moments: () =>
      [0, 1, 2].map((place) =>
        field(`surface.moment.${place + 1}`, "number", (value) =>
          put(({ moments }) => ({ moments: moments.with(place, Math.max(0, Math.round(Number(value)))) })),
        ),
      ),
    weights: () =>
      [0, 1].map((place) =>
        field(`surface.weight.${place + 1}`, "text", (value) =>
          put(({ weights }) => ({ weights: weights.with(place, tidy(value)) })),
        ),
      ),
    random: () => [
      field("surface.seed", "number", (value) =>
        put(() => ({ seed: Math.max(0, Math.round(Number(value))) % LARGEST_SEED })),
      ),
      button("surface.others", "", () => put(({ seed }) => ({ seed: (seed + 1) % LARGEST_SEED }))),
    ],
  };

  return function show(plane) {
    if (made !== plane.kind) root.replaceChildren(...kinds[plane.kind]());
    made = plane.kind;
    const values = KINDS[plane.kind].flatMap((/** @type {string} */ name) => plane[name]);
    root.querySelectorAll("input").forEach((input, place) => {
      if (document.activeElement !== input) input.value = String(values[place]);
    });
  };
}

/**
 * Set up the controls in `root`. `here()` is what planes begin with, {moments, selected, listing}, and the coordinates
 * `at` that getting nearer keeps in sight.
 */
export function createControls(root, store, here, renew) {
  const put = (more) => store.set(more);
  const kind = choice("surface.plane", Object.keys(KINDS), "surface.plane", (name) =>
    put({ surfacePlane: planeOf(name, here()), surfaceExtent: null }),
  );
  const fields = make("span", { className: "surface-fields" });
  const showFields = createFields(fields, (change) => {
    const { surfacePlane } = store.get();
    put({ surfacePlane: { ...surfacePlane, ...change(surfacePlane) }, surfaceExtent: null });
  });
  const examples = choice("surface.examples", ["training", "mini_batch"], "surface.examples", (surfaceExamples) =>
    put({ surfaceExamples }),
  );
  const look = choice("surface.look", ["map", "relief"], "surface.look", (surfaceLook) => put({ surfaceLook }));

  function nearer(factor) {
    const { surfaceExtent } = store.get();
    const times = Math.min(FARTHEST, (surfaceExtent?.times ?? 1) * factor);
    const [along, across] = here().at ?? [surfaceExtent?.along ?? 0, surfaceExtent?.across ?? 0];
    put({ surfaceExtent: { along, across, times } });
  }

  const zoom = [
    button("surface.nearer", "+", () => nearer(NEARER)),
    button("surface.farther", "−", () => nearer(1 / NEARER)),
    button("surface.fit", "", () => put({ surfaceExtent: null })),
  ];
  const again = button("surface.renew", "", renew);
  again.hidden = true;
  root.append(kind, fields, examples, look, make("span", { className: "surface-zoom" }, ...zoom), again);

  return {
    nearer,
    show(state, behind) {
      showFields(state.surfacePlane);
      kind.value = state.surfacePlane.kind;
      examples.value = state.surfaceExamples;
      look.value = state.surfaceLook;
      zoom[2].disabled = state.surfaceExtent === null;
      again.hidden = !behind;
      dress(root, state.words);
    },
  };
}
