// What the document of a page's host shows of it: its theme, its language and its title.

import { say } from "../base/words.js";

/** Keep a host's document at what the `view` of a mount shows. */
export function dress(page, view) {
  const root = page.documentElement;
  function show() {
    const { words, theme } = view.get();
    root.dataset.theme = theme;
    root.lang = words["language.code"];
    page.title = say(words, "title");
  }
  view.on(["words", "theme"], show);
  show();
}
