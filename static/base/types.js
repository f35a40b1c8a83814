// The values that all rooms share, as types: what the server sends of a run, and its moments.

/** @typedef {ReturnType<typeof import("./life.js").createLife>} Life What ends with a mount. */

/**
 * What a mount shows, in one place.
 *
 * @typedef {object} Store
 * @property {Life} life
 * @property {() => any} get
 * @property {(changes: object) => void} set
 * @property {(names: string[], listener: (state: any) => void) => void} on
 */

/**
 * A tensor of a moment: `data` has its elements row after row.
 *
 * @typedef {{shape: number[], data: Float32Array}} Tensor
 */

/**
 * What an axis of a tensor counts: examples, or the neurons of a layer; 0 stands for the inputs.
 *
 * @typedef {"example" | number} Axis
 */

/**
 * A layer in force: its activation function and what it has besides its neurons.
 *
 * @typedef {object} Layer
 * @property {number} units
 * @property {string} activation
 * @property {boolean} [batch_norm]
 * @property {number} [dropout] the share of its neurons that is left out
 * @property {boolean} [residual]
 */

/**
 * An experiment in its plain form, as far as the page reads it.
 *
 * @typedef {object} Experiment
 * @property {Layer[]} layers
 * @property {{name: string}} dataset
 * @property {{name: string}} optimizer
 * @property {(Record<string, any> & {t: number})[]} [changes]
 * @property {number} mini_batch_size
 * @property {{class: number} | {example: number}} [next_mini_batch] what one mini-batch has been chosen to hold
 * @property {object} [drawings] that are learned from beside the data set, or instead
 */

/**
 * A micro-step: one equation of a layer, with the tensors that it reads and writes.
 *
 * @typedef {object} MicroStep
 * @property {string} phase
 * @property {number} layer
 * @property {string} equation
 * @property {string[]} reads
 * @property {string[]} writes
 * @property {string} letters
 */

/**
 * Training steps with one program, from a moment on.
 *
 * @typedef {object} Segment
 * @property {number} t
 * @property {number} training_step
 * @property {Experiment} experiment
 * @property {MicroStep[]} program
 * @property {Record<string, number[]>} grains after how many micro-steps of a training step each unit ends
 * @property {number[]} levels what the targets 0 and 1 of classes ask of an output
 */

/**
 * All that the page needs to know of a run once.
 *
 * @typedef {object} Listing
 * @property {Experiment} experiment
 * @property {number[]} sizes the numbers of neurons by layer, the inputs first
 * @property {"classes" | "values"} kind
 * @property {{training: number, held_out: number}} examples
 * @property {number} steps_per_epoch
 * @property {Record<string, Axis[]>} tensors what the axes of each tensor count
 * @property {Segment[]} segments
 */

/**
 * A moment, of which cells are found by their true index. What has not been computed is undefined, or null.
 *
 * @typedef {object} Moment
 * @property {number} t
 * @property {number} examples of the mini-batch
 * @property {(name: string) => boolean} has
 * @property {(name: string) => Tensor | null} tensor
 * @property {(name: string, ...index: number[]) => number | undefined} value
 * @property {(name: string, index: number) => Float32Array | null} row
 * @property {(names: string[]) => number} largest
 * @property {(name: string) => number} typical
 * @property {(chosen: number) => number} shownExample
 */
