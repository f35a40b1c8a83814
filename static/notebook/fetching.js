// What the page fetches, in a notebook: the kernel answers in place of a server, over the same line as all else.

const PART = 2 ** 20; // bytes of a body in one message: a notebook's server takes no large ones

/**
 * What stands for `fetch` in a document whose addresses begin with `base`. `send(content, buffers)` sends to the kernel;
 * `answered(content, buffers)` hears of its answers.
 *
 * @param {(content: object, buffers: ArrayBuffer[]) => void} send
 * @param {string} base
 */
export function createFetch(send, base) {
  /** @type {Map<number, (response: Response) => void>} */
  const waiting = new Map();
  const home = new URL(".", base).href;
  let last = 0;

  /** @param {string | URL} address @param {{method?: string, body?: any, signal?: AbortSignal}} [options] */
  async function fetch(address, { method = "GET", body = null, signal } = {}) {
    const path = `/${new URL(address, base).href.replace(home, "")}`;
    const bytes = body === null ? new ArrayBuffer(0) : await new Response(body).arrayBuffer();
    const number = ++last;
    const answer = new Promise((resolve, reject) => {
      waiting.set(number, resolve);
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
    for (let place = 0; place === 0 || place < bytes.byteLength; place += PART) {
      const more = place + PART < bytes.byteLength;
      send({ kind: "fetch", number, method, path, more }, [bytes.slice(place, place + PART)]);
    }
    return answer.finally(() => waiting.delete(number));
  }

  return {
    fetch,
    answered({ number, status, media, packed }, [bytes]) {
      const whole = new Blob([bytes]).stream();
      const stream = packed ? whole.pipeThrough(new DecompressionStream("gzip")) : whole;
      waiting.get(number)?.(new Response(stream, { status, headers: { "Content-Type": media } }));
    },
  };
}
