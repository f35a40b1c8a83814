// Types of the messages between page and server, written by `python -m server.protocol.document`.

/**
 * Begin a run of an experiment. A run of the same name is replaced; without a `run` it is the first one.
 */
export interface Start {
  /** what is run */
  experiment: object;
  /** the moment to begin to seek */
  t?: number;
}

/**
 * Go to the moment t and answer with its state. Where that takes longer than `seconds`, the answer is a moment on
 * the way: ask again. With `until` it ends at the first moment, after the one that this run was last answered to be
 * at, at which the condition is true: right after the micro-step that writes such a loss.
 */
export interface Seek {
  /** a moment: how many micro-steps are done */
  t: number;
  /** what of the state is sent; else all */
  watch?: Watch;
  /** about how long it may take */
  seconds?: number;
  /** what ends it before t */
  until?: Until;
}

/**
 * Change the run at t, by one of: `learning_rate`; `tensor` with `value` and, for one element, `index`; or fields
 * of the experiment's structure, which take effect where the next training step begins. What lay after t is dropped.
 */
export interface Change {
  /** a moment: how many micro-steps are done */
  t: number;
  /** the rate from t on */
  learning_rate?: number;
  /** a parameter that is written at t */
  tensor?: string;
  /** the element that is written; else the whole tensor */
  index?: number[];
  /** what is written */
  value?: unknown;
}

/**
 * Ask about the moment t, which has been sought or is near one that has. The other fields are the question's.
 */
export interface Ask {
  /** a moment: how many micro-steps are done */
  t: number;
  /** what is asked */
  question: string;
}

/**
 * Make another run that is the same as this one up to t and has none of its changes after t. Any moment will do.
 * What is kept of the moments before t is shared by both, and nothing is run again.
 */
export interface Fork {
  /** a moment: how many micro-steps are done */
  t: number;
  /** the other run's name, which must not be taken */
  as: string;
}

/**
 * Hand back what the question `landmark` gave of this very run, to a server that does not have it: moments after
 * it are then reached from there, with the same bits. A file that is too long for one command comes in parts, each of
 * some groups of four letters. The checksum, the experiment up to that moment and the tensors are checked.
 */
export interface Resume {
  /** the file, or the next part of it */
  part: string;
  /** the file's, as it was given with it */
  checksum: string;
  /** whether further parts follow */
  more?: boolean;
}

/**
 * End a run, and give its name and its memory free.
 */
export interface Stop {}

/**
 * Ask for a sign of life, which needs no run and is given at once, before the answers that others wait for.
 */
export interface Ping {}

/**
 * What is wanted of a state; each field that is left out or null means everything.
 */
export interface Watch {
  /** only these */
  tensors?: string[] | null;
  /** only this example, or the last where there are fewer */
  example?: number;
  /** only these units of each layer */
  units?: (number[] | null)[] | null;
  /** also `uW1` ...: what updates add to parameters */
  updates?: boolean;
  /** also `eW1` ...: the gradients of the loss of this example, or the last where there are fewer */
  gradients_of?: number;
}

/**
 * A condition that ends a seek. It is asked of every loss on the way, at the micro-step that writes it.
 */
export interface Until {
  /** NaN or infinite; or below, or above a value */
  name: "loss_above" | "loss_below" | "not_finite";
  /** what is compared with; not of `not_finite` */
  value?: number;
}

/**
 * All that there is to know of a run once.
 */
export interface Listing {
  /** with all defaults written out, and the changes */
  experiment: Record<string, unknown>;
  /** units of each layer, the input first */
  sizes: number[];
  /** what targets are, such as classes */
  kind: string;
  /** how an example looks: a picture, a point of the plane or of a line, or a row of numbers */
  looks: string;
  /** the names of the classes, where they have other names than their numbers */
  classes: string[];
  /** of each split */
  examples: Examples;
  /** training steps */
  steps_per_epoch: number;
  /** of each tensor what its axes count: `example`, or the number of a layer */
  tensors: Record<string, unknown[]>;
  /** in order */
  segments: Segment[];
}

/**
 * A stretch of the run with one program; a change of structure begins another.
 */
export interface Segment {
  /** where it begins */
  t: number;
  /** which begins there */
  training_step: number;
  /** the structure in force */
  experiment: Record<string, unknown>;
  /** what the loss makes of the targets 0 and 1: what they ask of an output */
  levels: number[];
  /** the micro-steps of one training step */
  program: MicroStep[];
  /** of `equation` and `layer`: after how many micro-steps each unit ends */
  grains: Record<string, number[]>;
}

/**
 * One equation bound to its tensors.
 */
export interface MicroStep {
  /** forward, loss, backward or update */
  phase: string;
  /** 0 where it belongs to none */
  layer: number;
  /** the equation's name */
  equation: string;
  /** tensors */
  reads: string[];
  /** tensors */
  writes: string[];
  /** the index letters, such as `a0:ik, W1:jk, b1:j -> z1:ij` */
  letters: string;
  /** MathML; each symbol names its tensor as `data-tensor` */
  formula: string;
  /** pairs of a symbol in MathML and its value */
  settings: unknown[];
  /** the equation's Python */
  source: string;
  /** the same as HTML */
  code: string;
  /** what it does, in English */
  explanation: string;
}

/**
 * How many examples there are.
 */
export interface Examples {
  /** to train on */
  training: number;
  /** to judge by */
  held_out: number;
}

/**
 * What stands in a frame's metadata; safetensors has texts only, so every value is one.
 */
export interface Metadata {
  /** the moment that the tensors are of, which may be before the one that was sought */
  t?: string;
  /** the command's id as text */
  id?: string;
  /** the name of the condition, where it ended the seek */
  until?: string;
  /** the example that is sent, where one is watched */
  example?: string;
  /** how many the mini-batch has, where one is watched */
  examples?: string;
  /** the example that was asked for, where the gradients of one are */
  gradients_of?: string;
  /** JSON: the units that are sent, where they are watched */
  units?: string;
  /** JSON: what an answer in tensors says besides */
  facts?: string;
}

/**
 * The answer to a command that was not carried out, after which nothing has changed.
 */
export interface Refused {
  /** the command's; null where that cannot be read */
  id: string | number | null;
  /** what was wrong, in English */
  refused: string;
  /** where it stood, such as `watch.units` */
  field: string;
  /** `kind`, `noun`, `value`, `form` and `blanks`, to say the same in any language */
  details: Record<string, unknown> | null;
}

/**
 * The fields of the question averages.
 */
export interface QuestionAverages {}

/**
 * The fields of the question column.
 */
export interface QuestionColumn {
  /** updates instead of gradients */
  updates?: boolean;
}

/**
 * The fields of the question curve.
 */
export interface QuestionCurve {
  /** a parameter */
  tensor: string;
  /** an element of it */
  index: number[];
  /** where the curve begins */
  low: number;
  /** where it ends */
  high: number;
  /** of the curve */
  points: number;
}

/**
 * The fields of the question diagnose.
 */
export interface QuestionDiagnose {
  /** losses before t, oldest first */
  losses?: (number | string)[];
}

/**
 * The fields of the question evaluate.
 */
export interface QuestionEvaluate {
  /** at most so many examples of each split */
  most?: number;
  /** this split alone, from `start` on */
  split?: "held_out" | "training";
  /** the first example */
  start?: number;
}

/**
 * The fields of the question examples.
 */
export interface QuestionExamples {}

/**
 * The fields of the question first_not_finite.
 */
export interface QuestionFirstNotFinite {}

/**
 * The fields of the question gradient_check.
 */
export interface QuestionGradientCheck {
  /** at most so many elements */
  most?: number;
  /** this parameter alone */
  tensor?: string;
  /** this element of it alone */
  index?: number[];
}

/**
 * The fields of the question inputs.
 */
export interface QuestionInputs {
  /** the training or the held-out examples */
  split: "held_out" | "training";
  /** examples of it */
  rows: number[];
}

/**
 * The fields of the question judge.
 */
export interface QuestionJudge {
  /** the training or the held-out examples */
  split: "held_out" | "training";
  /** the first example */
  start?: number;
  /** at most so many from there */
  count?: number;
  /** a sample of so many of the whole split */
  most?: number;
  /** the output whose values are told */
  output?: number;
}

/**
 * The fields of the question landmark.
 */
export interface QuestionLandmark {}

/**
 * The fields of the question ledger.
 */
export interface QuestionLedger {
  /** a parameter */
  tensor: string;
  /** an element of it */
  index: number[];
  /** the last where there are fewer */
  example?: number;
  /** the errors that are opened */
  errors?: [string, number[]][];
}

/**
 * The fields of the question neuron.
 */
export interface QuestionNeuron {
  /** the neuron's layer */
  layer: number;
  /** the neuron */
  unit: number;
  /** the last where there are fewer */
  example?: number;
}

/**
 * The fields of the question objective.
 */
export interface QuestionObjective {
  /** a parameter */
  tensor: string;
  /** an element of it */
  index: number[];
  /** in place of its own */
  value: number;
}

/**
 * The fields of the question past.
 */
export interface QuestionPast {
  /** the moment before which they lie */
  before: number;
  /** at most so many moments in all */
  most: number;
  /** at most so many examples of each split */
  examples: number;
}

/**
 * The fields of the question proof.
 */
export interface QuestionProof {
  /** those that are named */
  elements?: [string, number[]][];
  /** so many more, with `seed` */
  draw?: number;
  /** what they are drawn by */
  seed?: number;
  /** of the curve to both sides, with `points` */
  reach?: number;
  /** of the curve */
  points?: number;
}

/**
 * The fields of the question pushes.
 */
export interface QuestionPushes {
  /** a parameter */
  tensor: string;
  /** an element of it */
  index: number[];
}

/**
 * The fields of the question read.
 */
export interface QuestionRead {
  /** pixels on a side of a drawing */
  side?: number;
  /** the drawing, row by row, 255 is full ink */
  ink?: string;
  /** as the digits that were trained on are */
  centred?: boolean;
  /** taken as it is, instead of a drawing */
  picture?: string;
  /** what the ink is judged for */
  target?: number | null;
  /** for how many neurons there is room */
  shown?: number[];
}

/**
 * The fields of the question response.
 */
export interface QuestionResponse {
  /** the neuron's layer */
  layer: number;
  /** the neuron */
  unit: number;
  /** where the grid begins */
  low: number;
  /** where it ends */
  high: number;
  /** on a side */
  points: number;
}

/**
 * The fields of the question response_film.
 */
export interface QuestionResponseFilm {
  /** the output */
  unit: number;
  /** where the grid begins */
  low: number;
  /** where it ends */
  high: number;
  /** on a side */
  points: number;
  /** at most so many moments */
  most: number;
}

/**
 * The fields of the question tensors.
 */
export interface QuestionTensors {
  /** what is wanted whole */
  names: string[];
}

/**
 * The fields of the question weights_film.
 */
export interface QuestionWeightsFilm {
  /** whose weights */
  units: number[];
  /** at most so many moments */
  most: number;
}

/**
 * The fields of the question wishes.
 */
export interface QuestionWishes {
  /** whose neurons are asked of */
  layer: number;
  /** who asks */
  example: number;
  /** whose three ways are told */
  neuron?: number;
}
