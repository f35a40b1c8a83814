// The panel of PyTorch: a program to copy, the tensors that it reads, and the engine's gradients to hold beside its own.

import { Lost } from "../../ask/connection.js";
import { download } from "../../base/download.js";
import { make } from "../../base/dom.js";
import { precise } from "../../base/numbers.js";
import { say } from "../../base/words.js";
import { REFERENCES } from "./references.js";

const DIGITS = 7; // of a length in single precision

/** The engine's gradients: of each its shape and its length. */
function gradients(words, found) {
  const rows = found.gradients.map(({ tensor, shape, norm }) =>
    make(
      "tr",
      {},
      make("th", { scope: "row", textContent: tensor }),
      make("td", { textContent: shape ? shape.join(" × ") : "–" }),
      make("td", { textContent: norm === null ? "–" : precise(norm, DIGITS) }),
    ),
  );
  const head = ["tensor", "shape", "norm"].map((name) =>
    make("th", { scope: "col", textContent: say(words, `pytorch.${name}`) }),
  );
  return make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
}

/** Where it comes from: a sentence and a reference each. */
const origins = (words) => [
  make("h3", { textContent: say(words, "pytorch.origin") }),
  make(
    "ul",
    { className: "origins" },
    ...Object.entries(REFERENCES).map(([name, reference]) =>
      make("li", {}, say(words, `pytorch.origin.${name}`), make("cite", { lang: "en", textContent: reference })),
    ),
  ),
];

/** Set up the view in `root`. */
export function mount(root, { store, fetchFile }) {
  const button = (name) => make("button", { type: "button", className: "quiet-button", name });
  const [copy, file] = [button("copy"), button("file")];
  const says = make("p", { className: "quiet" });
  const code = make("code");
  const body = make("div", { className: "cost-parts" });
  root.append(says, make("pre", { tabIndex: 0 }, code), make("div", { className: "measure" }, copy, file), body);
  let [found, last] = [null, ""];

  function show({ words }, answer) {
    if (answer) ({ found } = answer);
    const now = JSON.stringify([words["language.code"], found]);
    if (now === last) return;
    last = now;
    says.textContent = say(words, "pytorch.says");
    copy.textContent = say(words, "pytorch.copy");
    file.textContent = say(words, "pytorch.file");
    file.title = say(words, "pytorch.file.hint");
    code.textContent = found?.code ?? "";
    const done = found?.gradients.every(({ norm }) => norm !== null);
    body.replaceChildren(
      make("h3", { textContent: say(words, "pytorch.gradients") }),
      make("p", { className: "quiet", textContent: say(words, done ? "pytorch.compare" : "pytorch.ahead") }),
      ...(found ? [gradients(words, found)] : []),
      ...origins(words),
    );
  }

  copy.addEventListener("click", async () => {
    let text = "pytorch.copied";
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      text = "pytorch.by_hand";
      root.ownerDocument.getSelection().selectAllChildren(code);
    }
    store.set({ notice: { text } });
  });
  file.addEventListener("click", async () => {
    if (!found) return;
    const { t, file: name } = found;
    try {
      download(name, await fetchFile(t));
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
    }
  });
  return { show };
}
