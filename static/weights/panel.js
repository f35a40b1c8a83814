// The form for a file of weights of another program: what was found is shown, corrected and confirmed, and opens as a run.

import { Lost, Refused } from "../ask/connection.js";
import { make, refill } from "../base/dom.js";
import { apply, say } from "../base/words.js";
import { complain, createForm, moreOf } from "./form.js";
import { begun, fitted, plainOf, unusedIn, withLayer, withLayerAdded } from "./reading.js";
import { rowOf } from "./row.js";
import { leftOutOf, undecidedOf } from "./told.js";

const NO_RUN = { experiment: { dataset: { name: "" }, layers: [] }, sizes: [] }; // before the first one has begun

/** Set up the form, a dialog of the mount `all`. */
export function mount(_root, { all, store, choices, named }) {
  const parts = createForm();
  const { form, sure } = parts;
  const dialog = make("dialog", { className: "weights" }, form);
  let asked = null; // the file that is read: {file, found, read, open}
  let reading = null;
  all.append(dialog);
  parts.title.id = named("weights");
  dialog.setAttribute("aria-labelledby", parts.title.id);

  const of = () => ({
    arrays: asked.found.arrays,
    hidden: asked.found.activation,
    choices,
    run: store.get().listing ?? NO_RUN,
  });

  function show() {
    if (!asked) return;
    const { words } = store.get();
    const { arrays, left_out: why, undecided } = asked.found;
    parts.title.textContent = say(words, "weights.title", { file: asked.file.name });
    parts.open.replaceChildren(...undecidedOf(words, undecided));
    const depth = reading.layers.length;
    const rows = reading.layers.map((layer, place) =>
      rowOf(
        words,
        { arrays, layer, place, depth, choices },
        {
          set: (part) => put(withLayer(reading, place, { ...layer, ...part })),
          remove: () => put(withLayer(reading, place, null), true),
        },
      ),
    );
    refill(parts.layers, ...rows);
    refill(parts.more, ...moreOf(words, of(), reading, put));
    parts.rest.replaceChildren(...leftOutOf(words, unusedIn(arrays, reading), why));
    apply(words, form);
    parts.submit.disabled = !reading.dataset;
    parts.add.disabled = depth >= choices.limits.layers;
  }

  function put(next, suggest = false) {
    reading = fitted(of(), next, suggest);
    complain(parts, store.get().words, null);
    show();
  }

  async function submit() {
    const { words } = store.get();
    complain(parts, words, sure.checked ? null : { field: "sure", message: say(words, "weights.not_sure") });
    if (!sure.checked) return;
    const given = asked;
    parts.submit.disabled = true;
    try {
      const checkpoint = await given.read(plainOf(of(), reading));
      if (!dialog.open || asked !== given) return; // it was closed meanwhile
      dialog.close();
      await given.open(checkpoint);
    } catch (error) {
      if (error instanceof Refused) complain(parts, words, error);
      else if (error instanceof Lost) complain(parts, words, { message: say(words, "weights.lost") });
      else throw error;
    } finally {
      parts.submit.disabled = false;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  parts.add.addEventListener("click", () => put(withLayerAdded(of(), reading), true));
  parts.cancel.addEventListener("click", () => dialog.close());
  store.on(["words"], show);
  return {
    /** Ask what the arrays of a file are. `read(reading)` resolves to the checkpoint that it makes, `open(it)` opens that. */
    ask(file) {
      asked = file;
      reading = begun(of(), file.found.layers);
      sure.checked = false;
      complain(parts, store.get().words, null);
      show();
      if (!dialog.open) dialog.showModal();
      parts.title.focus(); // or the first button would have the focus, which takes a layer out
    },
  };
}
