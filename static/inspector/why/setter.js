// Sets a parameter to a number that is typed: a change of the run at the moment that is shown.

import { Lost, Refused } from "../../ask/connection.js";
import { make } from "../../base/dom.js";
import { brief } from "../../base/numbers.js";
import { refusal, say } from "../../base/words.js";

/** A form; `show(state, parameters)` gives it the parameters to choose from: [{tensor, index, name, value}]. */
export function createSetter(change) {
  const choice = make("select");
  const number = make("input", { type: "number", step: "any", required: true });
  const button = make("button", { type: "submit" });
  const said = make("p", { className: "refused" });
  const form = make("form", { className: "setter" }, make("label"), choice, number, button, said);
  let parameters = [];
  /** @type {Record<string, string>} */
  let words = {};
  const chosen = () => parameters[Math.max(0, choice.selectedIndex)];

  async function set(event) {
    event.preventDefault();
    const { tensor, index } = chosen();
    said.textContent = "";
    try {
      await change({ tensor, index, value: Number(number.value) });
      number.value = "";
    } catch (error) {
      if (error instanceof Refused) said.textContent = refusal(words, error);
      else if (!(error instanceof Lost)) throw error;
    }
  }

  const offer = () => {
    number.placeholder = brief(chosen()?.value);
  };
  form.addEventListener("submit", set);
  choice.addEventListener("change", offer);
  return {
    form,
    show(state, offered) {
      words = state.words;
      const names = offered.map(({ name }) => name);
      if (names.join() !== parameters.map(({ name }) => name).join()) {
        choice.replaceChildren(...names.map((name) => make("option", { textContent: name })));
        number.value = said.textContent = "";
      }
      parameters = offered;
      form.hidden = !offered.length;
      choice.hidden = offered.length < 2;
      form.firstChild.textContent =
        offered.length < 2 ? say(words, "setter.one", { name: names[0] }) : say(words, "setter.label");
      choice.ariaLabel = say(words, "setter.choice");
      number.ariaLabel = say(words, "setter.value");
      button.textContent = say(words, "setter.set");
      button.title = say(words, "setter.hint");
      offer();
    },
  };
}
