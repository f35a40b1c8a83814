// Plotly.js, which is large, and so comes once the page works without it.

import { make } from "../base/dom.js";

const PLOTLY = "plotly.min.js";

/** Resolves to plotly.js, which all mounts of a document share, or to null where it could not be had. */
export function load(life) {
  if (globalThis.Plotly) return Promise.resolve(globalThis.Plotly);
  const coming = document.head.querySelector(`script[src="${PLOTLY}"]`);
  const script = coming ?? make("script", { src: PLOTLY });
  return new Promise((resolve) => {
    const hears = [life.listen(script, "load", end), life.listen(script, "error", end)];
    function end({ type }) {
      for (const stop of hears) stop();
      if (type === "error") script.remove();
      resolve(globalThis.Plotly ?? null);
    }
    if (!coming) document.head.append(script);
  });
}
