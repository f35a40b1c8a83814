// The widget in a notebook: a frame with the page in it, and the messages between the page and the kernel. It is given to
// anywidget as it stands, and so imports nothing. In its frame the page has its own styles, keys and names.

const SETTLED = 300; // milliseconds until another theme of the notebook is painted

/** The red, green, blue and opacity of a colour, in whichever form it is written, each from 0 to 255. */
function channels(colour) {
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}

/** Whether the background behind an element is dark. @param {Element} element */
function isDark(element) {
  /** @type {Element | undefined} */
  let each = element;
  while (each) {
    const [r, g, b, opacity] = channels(getComputedStyle(each).backgroundColor);
    if (opacity > 127) return 0.2126 * r + 0.7152 * g + 0.0722 * b < 128;
    each = each.parentElement ?? /** @type {ShadowRoot} */ (each.getRootNode()).host;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Hear of a notebook that has another theme. Returns what ends that. @param {() => void} heard */
function themes(heard) {
  let due = 0;
  const observer = new MutationObserver(() => {
    clearTimeout(due);
    due = setTimeout(heard, SETTLED);
  });
  for (const each of [document.documentElement, document.body]) observer.observe(each, { attributes: true });
  return () => {
    clearTimeout(due);
    observer.disconnect();
  };
}

/** The bytes that came beside a message, each in memory of its own. @param {DataView<ArrayBuffer>[]} buffers */
const copied = (buffers) =>
  [...(buffers ?? [])].map(({ buffer, byteOffset, byteLength }) => buffer.slice(byteOffset, byteOffset + byteLength));

/** @param {ArrayBuffer} bytes */
const unpacked = (bytes) =>
  new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();

/** What stands in place of the page until it is there, in the language of the browser. */
function noteOf(sentences) {
  const language = navigator.languages.map((each) => each.split("-")[0]).find((each) => each in sentences);
  const note = document.createElement("p");
  note.textContent = sentences[language ?? "en"];
  Object.assign(note.style, { margin: "0", padding: "12px 16px", opacity: "0.75" });
  return note;
}

/** Hide the sentence that the same output has for who reads the notebook without its kernel. */
function unnoted(el) {
  for (const each of el.closest(".jp-OutputArea")?.querySelectorAll(".backscope-note") ?? [])
    each.closest(".jp-OutputArea-child").style.display = "none";
}

/** Show the page in `el`, and hand on what it and the kernel send each other. Returns what takes it away. */
function render({ model, el }) {
  const frame = document.createElement("iframe");
  const note = noteOf(model.get("sentences"));
  const name = crypto.randomUUID();
  /** @type {{id: string, tell: (message: object, transfer?: ArrayBuffer[]) => void} | null} */
  let page = null;
  Object.assign(frame, { title: "Backscope", allow: "clipboard-write; fullscreen" });
  Object.assign(frame.style, {
    display: "none",
    boxSizing: "border-box",
    width: "100%",
    height: `${model.get("height")}px`,
    border: "1px solid #8884",
    borderRadius: "8px",
  });
  el.append(note, frame);

  /** @param {object} content @param {ArrayBuffer[]} [buffers] */
  const send = (content, buffers) => model.send(content, undefined, buffers);
  const dress = () => page?.tell({ content: { kind: "theme", dark: isDark(el) } });

  function leave() {
    if (!page) return;
    page.tell({ content: { kind: "end" } });
    send({ kind: "closed", page: page.id });
    page = null;
  }

  /** The document is there, for the first time or once more, as where its cell was moved: give it a line. */
  function begin() {
    if (!frame.srcdoc) return;
    leave();
    const { port1, port2 } = new MessageChannel();
    const mine = { id: crypto.randomUUID(), tell: port1.postMessage.bind(port1) };
    page = mine;
    port1.addEventListener("message", ({ data: { content, buffers } }) => {
      if (page === mine) send({ ...content, page: mine.id }, buffers);
    });
    port1.start();
    frame.contentWindow.postMessage("backscope", "*", [port2]);
    dress();
    send({ kind: "open", page: mine.id });
  }

  async function hear(content, buffers) {
    if (content.kind === "document" && content.to === name) {
      const [bytes] = copied(buffers);
      frame.srcdoc = await unpacked(bytes);
      note.remove();
      frame.style.display = "block";
      unnoted(el);
    } else if (page && content.page === page.id) {
      const copies = copied(buffers);
      page.tell({ content, buffers: copies }, copies);
    }
  }

  const lost = () => page?.tell({ content: { kind: "lost" } }); // once it is, the widget gets no other kernel
  frame.addEventListener("load", begin);
  model.on("msg:custom", hear);
  model.on("comm_live_update", lost);
  const endThemes = themes(dress);
  send({ kind: "document", to: name, languages: navigator.languages.join() });
  return () => {
    leave();
    endThemes();
    model.off("msg:custom", hear);
    model.off("comm_live_update", lost);
    frame.removeEventListener("load", begin);
    el.replaceChildren();
  };
}

export default { render };
