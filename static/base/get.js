// What the server has at an address, as JSON.

const PATIENCE = 10_000; // milliseconds

/**
 * What stands at an address, which is null where there is nothing; undefined where the server is away.
 *
 * @param {string} address
 * @returns {Promise<any>}
 */
export async function get(address) {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}
