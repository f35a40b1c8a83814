// Plotly.js, which is large, and so comes once the page works without it.

const PLOTLY = "plotly.min.js";

/**
 * Resolves to plotly.js, which all mounts of a document share, or to null where it could not be had.
 *
 * @param {{script: (address: string, life: any) => Promise<any>}} host
 * @param {import("../base/types.js").Life} life
 */
export async function load(host, life) {
  if (!globalThis.Plotly) await host.script(PLOTLY, life);
  return globalThis.Plotly ?? null;
}
