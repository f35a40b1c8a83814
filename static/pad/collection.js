// The drawings that a person keeps: put one back onto the pad, add the one that is there, save them all, open saved ones.

import { make } from "../base/dom.js";
import { download } from "../base/download.js";
import { count } from "../base/numbers.js";
import { createOwn, read, readText } from "./own.js";
import { say } from "../base/words.js";
import { thumbnail } from "./thumbnail.js";

const LARGEST = 1 << 20; // bytes of a file

/** The collection in `root`. `changed()` hears of each change; `current()` is the drawing on the pad with the digit that it means, or null. */
export function collection(root, store, { storage, colours, current, changed }) {
  const own = createOwn(storage.open);
  const button = () => make("button", { type: "button", className: "quiet-button" });
  const [keep, save, open] = [button(), button(), button()];
  const input = make("input", { type: "file", accept: ".json", hidden: true });
  const list = make("div", { className: "thumbnails", role: "list" });
  const heading = make("h3");
  const said = make("p", { className: "quiet", role: "status" });
  root.append(make("div", { className: "heading" }, heading, keep, save, open), list, said, input);

  let listed = []; // what the list was made of

  const here = () => current() && own.has(current());
  const tell = (name, blanks) => {
    said.textContent = name ? say(store.get().words, name, blanks) : "";
  };

  /** Say what has been done, and where some of it cannot be kept, that too. */
  const tellAdded = (name = null, blanks = {}) => {
    tell(name, blanks);
    if (!own.lasting)
      said.textContent = [said.textContent, say(store.get().words, "teach.own.passing")].join(" ").trim();
  };

  keep.addEventListener("click", () => {
    if (here()) own.remove(current());
    else own.add([current()]);
    tellAdded();
    changed();
  });
  save.addEventListener("click", () => download("drawings.json", own.text()));
  open.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    const items = file.size <= LARGEST ? readText(await file.text()) : null;
    if (items) tellAdded("teach.own.added", { count: count(own.add(items)), file: file.name });
    else tell("teach.own.refused", { file: file.name });
    changed();
  });

  store.life.atEnd(
    storage.changed(() => {
      own.look();
      changed();
    }),
  );

  function show({ words }) {
    heading.textContent = say(words, "teach.own", { count: count(own.items.length) });
    keep.textContent = say(words, here() ? "teach.own.remove" : "teach.own.keep");
    keep.title = say(words, here() ? "teach.own.remove.hint" : "teach.own.keep.hint");
    keep.disabled = !current();
    for (const { each, name } of [
      { each: save, name: "save" },
      { each: open, name: "open" },
    ]) {
      each.textContent = say(words, `teach.own.${name}`);
      each.title = say(words, `teach.own.${name}.hint`);
    }
    save.disabled = !own.items.length;
    list.hidden = !own.items.length;
    if (listed[0] === own.items && listed[1] === words && listed[2] === colours()) return;
    listed = [own.items, words, colours()];
    list.setAttribute("aria-label", heading.textContent);
    list.replaceChildren(
      ...own.items.map((item, i) => {
        const made = make("button", { type: "button" }, ...thumbnail(item, colours()));
        made.setAttribute("aria-label", say(words, "teach.own.put", { label: item.label, number: i + 1 }));
        made.title = made.getAttribute("aria-label");
        made.addEventListener("click", () => store.set({ onPad: { ...item } }));
        return make("div", { role: "listitem" }, made);
      }),
    );
  }

  return {
    show,
    /** Add the drawings of a plain value; tells how many were not there yet, or null where it holds none. */
    add(plain) {
      const items = read(plain);
      const added = items && own.add(items);
      if (items) tellAdded();
      changed();
      return added;
    },
    get items() {
      return own.items;
    },
  };
}
