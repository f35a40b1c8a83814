// The experiment as a program: plain NumPy, PyTorch, or a notebook of both, as the server writes it.

import { download } from "../base/download.js";
import { make } from "../base/dom.js";
import { refusal, say } from "../base/words.js";
import { stepsAt } from "../base/time.js";
import { buttonOf, fieldOf, numberOf, partOf, refusedOf, wholeIn } from "./parts.js";

const FORMS = ["numpy", "pytorch", "notebook"];
const MOST = 100_000; // training steps
const USUAL = 100;

/** The bytes of a text in base64. */
const bytesOf = (/** @type {string} */ text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

/** The part of the panel: {element, begin}. `ask` asks the server. */
export function programsPart({ store, ask }) {
  const steps = numberOf(1, MOST, USUAL);
  const refused = refusedOf();
  const beside = make("p", { className: "quiet" });
  const buttons = FORMS.map((name) => buttonOf(`along.${name}`));
  const row = make("div", { className: "along-row" }, fieldOf("along.steps", steps), ...buttons);
  const element = partOf("programs", row, refused, beside);

  /** Link to what the program reads and the server has. */
  function offerBeside(names) {
    const { words } = store.get();
    const links = names.map((name) => make("a", { href: name, download: name, textContent: name }));
    beside.replaceChildren(...(links.length ? [say(words, "along.beside"), " ", ...links] : []));
  }

  async function take(form) {
    const { words } = store.get();
    const count = wholeIn(steps);
    steps.setAttribute("aria-invalid", String(count === null));
    refused.textContent = count === null ? say(words, "along.whole", { low: "1", high: "100,000" }) : "";
    if (count === null) return;
    const answer = await ask({ question: "script", form, steps: count }, { of: "run" });
    if (answer?.refused) refused.textContent = refusal(store.get().words, answer.refused);
    if (!answer?.found) return;
    const { name, text, files, beside: others } = answer.found;
    download(name, text);
    for (const [file, data] of Object.entries(files)) download(file, bytesOf(data));
    offerBeside(others);
  }

  FORMS.forEach((form, i) => buttons[i].addEventListener("click", () => take(form)));
  return {
    element,
    /** As the panel is opened: as many training steps as have been done, if any have. */
    begin({ listing, moment }) {
      refused.textContent = "";
      beside.replaceChildren();
      const begun = Math.ceil(stepsAt(listing, moment.t));
      steps.value = String(Math.min(MOST, begun || USUAL));
    },
  };
}
