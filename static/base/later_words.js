// The words that a page does not begin with: they are fetched with the panel that needs them.

/**
 * The language that goes with the words of the page, among those there are.
 *
 * @param {Record<string, string>} words
 * @param {string[]} languages
 */
export const languageOf = (words, languages) =>
  languages.find((each) => words["language.code"].split("-")[0] === each) ?? languages[0];

/**
 * Have all words of the page's language in the store, where it has none of the name `of`. Tells whether it has them now.
 *
 * @param {string} of
 * @param {{store: import("./types.js").Store, choices: {languages: string[]},
 *   host: {words: ((language: string) => Promise<any>) | null}}} tools
 */
export async function speak(of, { store, choices, host }) {
  const { words: there } = store.get();
  if (of in there || !host.words) return true; // a host that has no others has a panel come with those there are
  const words = await host.words(languageOf(there, choices.languages)).catch(() => {});
  if (words && !store.life.ended) store.set({ words });
  return of in store.get().words;
}
