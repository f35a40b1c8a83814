// One change for a lane: any setting by the very form of the experiment, an element of a parameter, or a remedy.

import { Lost, Refused } from "../ask/connection.js";
import { make } from "../base/dom.js";
import { refusal, say } from "../base/words.js";
import { createSetter } from "../inspector/why/setter.js";
import { experiment } from "../setup/panel.js";

const MOST = 200; // elements of parameters to choose from

/** The elements of a moment's parameters: [{tensor, index, name, value}]. */
function elementsOf(moment) {
  const found = [];
  for (const [tensor, { shape, data }] of moment?.frame.tensors ?? []) {
    if (!/^(W|b|gamma|beta)\d+$/.test(tensor)) continue;
    for (let i = 0; i < data.length && found.length < MOST; i += 1) {
      const index = shape.length > 1 ? [Math.floor(i / shape[1]), i % shape[1]] : [i];
      found.push({ tensor, index, name: `${tensor}[${index}]`, value: data[i] });
    }
  }
  return moment?.frame.units ? [] : found;
}

/** The remedies for the run of the page at this moment, by their names. */
function remediesOf({ scenario, diagnosis }, { scenarios }) {
  const all = [...((scenario && scenarios[scenario]?.remedies) || []), ...(diagnosis?.troubles?.[0]?.remedies ?? [])];
  return [...new Map(all.map((remedy) => [remedy.name, remedy])).values()];
}

/** The settings of a lane in `root`; `close()` closes them. Returns {show}. */
function openSettings(root, lane, { store: page, choices }, close) {
  const heading = make("h2");
  const shut = make("button", { type: "button", className: "icon", textContent: "×" });
  const says = make("p", { className: "quiet" });
  const cures = make("p", { className: "cures" });
  const said = make("p", { className: "refused", role: "alert", hidden: true });
  const setter = createSetter((write) => lane.change(write));
  const form = make("div", { className: "experiment-of-lane" });
  const fields = make("div");
  fields.dataset.part = "fields";
  form.append(fields);
  root.replaceChildren(make("div", { className: "heading" }, heading, shut), says, cures, said, setter.form, form);
  shut.addEventListener("click", close);

  async function cure(change) {
    said.hidden = true;
    try {
      await lane.change(change);
    } catch (error) {
      if (error instanceof Lost) return;
      if (!(error instanceof Refused)) throw error;
      said.textContent = refusal(page.get().words, error);
      said.hidden = false;
    }
  }

  const setup = { store: lane.store, choices, start: lane.begin, change: lane.change, ask: lane.ask };
  lane.store.join(() => experiment.mount(form, setup));

  return {
    lane,
    show() {
      const { words } = page.get();
      const name = lane.name;
      heading.textContent = say(words, "lane.change", { name });
      shut.ariaLabel = shut.title = say(words, "lane.change.close");
      says.textContent = say(words, "lane.change.says");
      const remedies = remediesOf(page.get(), choices);
      cures.hidden = !remedies.length;
      if (cures.textContent === "" || cures.dataset.language !== words["language.code"]) {
        cures.dataset.language = words["language.code"];
        cures.replaceChildren(
          ...remedies.map((remedy) => {
            const button = make("button", {
              type: "button",
              className: "chip",
              textContent: say(words, `remedy.${remedy.name}`),
              title: say(words, `remedy.${remedy.name}.hint`),
            });
            button.addEventListener("click", () => cure(remedy.change));
            return button;
          }),
        );
      }
      setter.show({ words }, elementsOf(lane.store.get().moment));
    },
  };
}

/** The settings in `root` of the lane that the store says, `laneOpen`, of the lanes. Returns {show(state)}. */
export function createSettings(root, tools, lanes) {
  const { store } = tools;
  let settings = null;
  const close = () => store.set({ laneOpen: null });

  return {
    show({ words, laneOpen }) {
      const lane = laneOpen ? lanes.of(laneOpen) : null;
      const there = lane?.store.get().listing ? lane : null;
      root.hidden = !there;
      if (!there) root.replaceChildren();
      const opens = there && settings?.lane !== there;
      if (settings?.lane !== there) settings = there && openSettings(root, there, tools, close);
      if (there) root.ariaLabel = say(words, "lane.change", { name: there.name });
      settings?.show();
      if (opens) root.scrollIntoView({ block: "nearest" });
    },
  };
}
