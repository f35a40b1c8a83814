// A frame: the tensors of one moment, decoded from a safetensors file without copying.

/** @import { Axis, Tensor } from "../base/types.js" */

const text = new TextDecoder();

/**
 * A moment as it is sent. Where only what is watched is, `example` and `units` tell what that is.
 *
 * @typedef {object} Frame
 * @property {number} t
 * @property {string} id of the command that asked for it
 * @property {number | null} example
 * @property {number | null} gradientsOf the example that the gradients of one example are of
 * @property {number | null} examples how many the mini-batch has
 * @property {string | null} until the name of the condition that ended the way here
 * @property {any} condition that condition with its settings, or null
 * @property {(number[] | null)[] | null} units by layer; null for a layer that is sent whole
 * @property {any} facts
 * @property {Map<string, Tensor>} tensors
 * @property {ArrayBuffer} file
 */

/**
 * Read a frame.
 *
 * @param {ArrayBuffer} buffer
 * @returns {Frame}
 */
export function decode(buffer) {
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(text.decode(new Uint8Array(buffer, 8, length)));
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors = new Map();
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [start, end],
    },
  ] of Object.entries(entries)) {
    const Floats = dtype === "F64" ? Float64Array : Float32Array;
    const data = new Floats(buffer, 8 + length + start, (end - start) / Floats.BYTES_PER_ELEMENT);
    tensors.set(name, { shape, data });
  }
  return {
    t: Number(metadata.t),
    id: metadata.id,
    example: metadata.example === undefined ? null : Number(metadata.example),
    gradientsOf: metadata.gradients_of === undefined ? null : Number(metadata.gradients_of),
    examples: metadata.examples === undefined ? null : Number(metadata.examples),
    until: metadata.until ?? null,
    condition: metadata.condition ? JSON.parse(metadata.condition) : null,
    units: metadata.units === undefined ? null : JSON.parse(metadata.units),
    facts: metadata.facts === undefined ? null : JSON.parse(metadata.facts),
    tensors,
    file: buffer,
  };
}

/**
 * A view of a frame that finds cells by their true index, also where the frame holds only what is watched.
 * `axes` tells what each axis of a tensor counts: "example", or the number of a layer; `updates`, whether the frame was
 * asked for with the updates that are applied.
 */
export class Moment {
  /**
   * @param {Frame} frame
   * @param {Record<string, Axis[]>} axes what those of each tensor count
   * @param {boolean} [updates]
   */
  constructor(frame, axes, updates = false) {
    this.frame = frame;
    this.updates = updates;
    this.t = frame.t;
    this.axes = axes;
    this.places = frame.units?.map((units) => units && new Map(units.map((unit, place) => [unit, place])));
  }

  /** @param {string} name */
  has(name) {
    return this.frame.tensors.has(name);
  }

  /**
   * @param {string} name
   * @returns {Tensor | null}
   */
  tensor(name) {
    return this.frame.tensors.get(name) ?? null;
  }

  /** How many examples the moment's mini-batch has; 0 before one is drawn. */
  get examples() {
    return this.frame.examples ?? this.tensor("y")?.shape[0] ?? 0;
  }

  /**
   * What a tensor's axes count. An update that is no tensor of the program, as of gradient descent, has its parameter's.
   *
   * @param {string} name
   * @returns {Axis[]}
   */
  axesOf(name) {
    return this.axes[name] ?? this.axes[name.slice(1)];
  }

  /**
   * @param {Axis} axis
   * @param {number} index
   */
  place(axis, index) {
    if (axis === "example") return this.frame.example === null ? index : 0;
    const places = this.places?.[axis];
    return places ? places.get(index) : index;
  }

  /**
   * The element of a tensor at its true index; undefined where it has not been computed.
   *
   * @param {string} name
   * @param {number[]} index
   * @returns {number | undefined}
   */
  value(name, ...index) {
    const tensor = this.tensor(name);
    if (!tensor) return undefined;
    let flat = 0;
    const axes = this.axesOf(name);
    for (let i = 0; i < index.length; i++) flat = flat * tensor.shape[i] + this.place(axes[i], index[i]);
    return tensor.data[flat];
  }

  /**
   * One row of a matrix, as a view.
   *
   * @param {string} name
   * @param {number} index
   * @returns {Float32Array | null}
   */
  row(name, index) {
    const tensor = this.tensor(name);
    if (!tensor) return null;
    const width = tensor.shape[1];
    const start = this.place(this.axesOf(name)[0], index) * width;
    return tensor.data.subarray(start, start + width);
  }

  /**
   * The example that can be shown: the one that is chosen, the last where there are not so many, or the only one sent.
   *
   * @param {number} chosen
   */
  shownExample(chosen) {
    return this.frame.example ?? Math.min(chosen, Math.max(0, this.examples - 1));
  }

  /**
   * The largest finite magnitude among the cells of the named tensors.
   *
   * @param {string[]} names
   */
  largest(names) {
    let most = 0;
    for (const name of names) {
      for (const value of this.tensor(name)?.data ?? []) {
        const size = Math.abs(value);
        if (size > most && size !== Infinity) most = size;
      }
    }
    return most;
  }

  /**
   * The root mean square of a tensor's finite cells.
   *
   * @param {string} name
   */
  typical(name) {
    let [sum, count] = [0, 0];
    for (const value of this.tensor(name)?.data ?? []) {
      if (value - value !== 0) continue;
      sum += value * value;
      count += 1;
    }
    return count ? Math.sqrt(sum / count) : 0;
  }

  /** The first tensor that holds a NaN or an infinity, or null. */
  trouble() {
    for (const [name, { data }] of this.frame.tensors) {
      for (const value of data) if (value - value !== 0) return name;
    }
    return null;
  }
}
