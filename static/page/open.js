// Opening what was saved, by the button in the header or dropped on the page. What opens a file is fetched with the first.

/** Set up the button in `root`; files may be dropped anywhere on `all`. `tools` are also those of what opens them. */
function mount(root, tools) {
  const { all, store } = tools;
  const input = root.querySelector("[data-control=file]");
  let coming = null; // what opens files, once one is to be opened

  async function openFile(file) {
    coming ??= import("./opened.js").then(({ createOpener }) => createOpener(tools));
    const opens = await coming.catch(() => (coming = null));
    if (opens) await opens.openFile(file);
    else store.set({ notice: { text: "open.lost", blanks: { file: file.name }, untilConnected: true } });
  }

  async function openAll(files) {
    for (const file of files) await openFile(file);
  }

  root.querySelector("[data-control=open]").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const [file] = input.files;
    input.value = ""; // so that the same file can be chosen again
    if (file) openFile(file);
  });

  const brings = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
  const mark = (on) => all.classList.toggle("dropping", on);
  const { listen } = store.life;
  listen(all, "dragover", (event) => {
    if (!brings(event)) return;
    event.preventDefault(); // or the browser leaves the page to show the file
    mark(true);
  });
  listen(all, "dragleave", ({ relatedTarget }) => all.contains(relatedTarget) || mark(false));
  listen(all, "drop", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    mark(false);
    openAll([...event.dataTransfer.files]);
  });

  return {
    /** Give the server the checkpoint of this experiment once more; resolves to whether there was one to give. */
    again: async (experiment) => (await coming?.catch(() => null))?.again(experiment) ?? false,
    /** The checkpoint of this experiment in base64, for its scene's file; null where there is none, or too large a one. */
    kept: async (experiment) => (await coming?.catch(() => null))?.kept(experiment) ?? null,
  };
}

/** @type {import("../base/feature.js").Feature} */
export const opener = { name: "open", slot: "header", mount };
