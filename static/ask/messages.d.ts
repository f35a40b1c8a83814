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
 * at, at which a test makes the condition true: right after the micro-step that writes what it measures, or where an
 * epoch ends.
 */
export interface Seek {
  /** a moment: how many micro-steps are done */
  t: number;
  /** what of the state is sent; else all */
  watch?: Watch;
  /** about how long it may take */
  seconds?: number;
  /** what ends it before t */
  until?: Until | Until[];
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
 * Find the first difference between this run and another one, `with`: they are compared training step by training
 * step, and where they part, micro-step by micro-step.
 */
export interface Compare {
  /** the other run's name */
  with: string;
  /** the training step from which on they are compared */
  since?: number;
  /** the last one */
  upto?: number;
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
 * A condition that ends a seek: a `name` with the settings that belong to it, or `any` or `all` of some, nested at
 * most two deep. It is tested right after the micro-step that writes the last of the tensors that it measures; of all
 * training or held-out examples at the end of every epoch, there as `evaluate` with `most` does, where they are more
 * than 10^9 products of weight and activation allow. Of several conditions the first that is true ends the seek; of
 * `all`, each is true or false since its last test. What a condition has to know of the moments before, such as
 * whether a loss has risen, is run again where it is not known. [What each is](stop-when.md#conditions).
 */
export interface Until {
  /** the condition */
  name?: "accuracy_from" | "activation_rms" | "class_changes" | "dead" | "gradient_norm" | "gradient_rms" | "held_out_rises" | "loss_above" | "loss_below" | "loss_rises" | "not_finite" | "saturated" | "sharpness" | "sign_changes" | "update_ratio";
  /** one of these is true */
  any?: Until[];
  /** all of these are true */
  all?: Until[];
  /** what is compared with, where there is one such number */
  value?: number;
  /** the beginning of a range */
  low?: number;
  /** the end of a range */
  high?: number;
  /** the examples of a loss or an accuracy; `mini_batch` where it is left out */
  of?: "mini_batch" | "training" | "held_out";
  /** the layer */
  layer?: number;
  /** losses or mini-batches one after the other */
  times?: number;
  /** epochs one after the other */
  epochs?: number;
  /** training steps between two tests */
  every?: number;
  /** the parameter whose element changes sign */
  tensor?: string;
  /** that element */
  index?: number[];
  /** what is answered */
  example?: number | string;
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
  /** the names of the inputs, where they have names */
  columns: string[];
  /** the name of the target; empty where it has none */
  target: string;
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
  /** the same for examples in columns */
  formula_in_columns: string;
  /** pairs of a symbol in MathML and its value */
  settings: unknown[];
  /** the equation's Python */
  source: string;
  /** the same as HTML; a comment has its name as `data-comment` */
  code: string;
  /** the lines that a book would print, as HTML */
  textbook: string;
  /** the same for examples in columns */
  textbook_in_columns: string;
  /** why their last digits may differ: kernel, order or precision; empty: the same bits */
  rounds: string;
  /** what it does, in English */
  explanation: string;
}

/**
 * How many examples there are.
 */
export interface Examples {
  /** to train on */
  training: number;
  /** to evaluate on */
  held_out: number;
}

/**
 * The first difference between two runs; of pairs the first is of the run that was asked.
 */
export interface Parting {
  /** in which they part */
  training_step: number;
  /** a pair: the moments at which they differ */
  t: number[];
  /** which differs */
  tensor: string;
  /** its first element that does; null where its shape does */
  index: number[] | null;
  /** a pair: the element; null where there is none */
  values: unknown[] | null;
  /** a pair: the tensor's shape; null in a run that has not computed it there */
  shapes: unknown[];
}

/**
 * What stands in a frame's metadata; safetensors has texts only, so every value is one.
 */
export interface Metadata {
  /** the moment that the tensors are of, which may be before the one that was sought */
  t?: string;
  /** the command's id as text */
  id?: string;
  /** the name of the condition whose test ended the seek, where one did */
  until?: string;
  /** JSON: that condition with all its settings */
  condition?: string;
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
  /** `kind`, `noun`, `value`, `form` and `blanks`, to say the same in any language; `described`, with `form` and `blanks`, where `value` describes what cannot be shown */
  details: Record<string, unknown> | null;
}

/**
 * The fields of the question activations.
 */
export interface QuestionActivations {
  /** where the curves begin */
  low: number;
  /** where they end */
  high: number;
  /** of a curve, evenly spaced */
  points: number;
  /** the activations; without it, those to begin with */
  names?: string[];
  /** for softmax, the layer whose z stay as they are */
  layer?: number;
  /** and the one of its units whose own z varies */
  unit?: number;
  /** the last where there are fewer */
  example?: number;
}

/**
 * The fields of the question averages.
 */
export interface QuestionAverages {}

/**
 * The fields of the question chain_rule.
 */
export interface QuestionChainRule {
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
 * The fields of the question column.
 */
export interface QuestionColumn {
  /** updates instead of gradients */
  updates?: boolean;
}

/**
 * The fields of the question conditions.
 */
export interface QuestionConditions {
  /** refused where it cannot be */
  until?: Until | Until[];
}

/**
 * The fields of the question cost.
 */
export interface QuestionCost {}

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
 * The fields of the question evaluation_history.
 */
export interface QuestionEvaluationHistory {
  /** the moment before which they lie */
  before: number;
  /** at most so many moments in all */
  most: number;
  /** at most so many examples of each split */
  examples: number;
}

/**
 * The fields of the question examples.
 */
export interface QuestionExamples {}

/**
 * The fields of the question expressions.
 */
export interface QuestionExpressions {
  /** such as `W2[0,1]` or `loss < 0.1`; see docs/lessons.md */
  expressions: string[];
}

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
 * The fields of the question ground.
 */
export interface QuestionGround {}

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
 * The fields of the question kinds.
 */
export interface QuestionKinds {}

/**
 * The fields of the question landmark.
 */
export interface QuestionLandmark {}

/**
 * The fields of the question map.
 */
export interface QuestionMap {
  /** the setting that differs from column to column */
  x: {field: string, low: number, high: number};
  /** the setting that differs from row to row, the lowest first */
  y: {field: string, low: number, high: number};
  /** how many columns and rows */
  side?: number;
  /** how long each run trains */
  training_steps?: number;
  /** how many runs are known already */
  start?: number;
}

/**
 * The fields of the question map_settings.
 */
export interface QuestionMapSettings {}

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
 * The fields of the question per_example_gradients.
 */
export interface QuestionPerExampleGradients {
  /** a parameter */
  tensor: string;
  /** an element of it */
  index: number[];
}

/**
 * The fields of the question predict.
 */
export interface QuestionPredict {
  /** what is asked */
  kind: "arrow_sign" | "bias_move" | "cancelling_paths" | "dead_neuron" | "digit_that_pays" | "follows_arrow" | "heaviest_example" | "larger_input" | "largest_wish" | "longest_arrow" | "loss_after_step" | "mean_sign" | "slope_gate" | "smallest_factor" | "smallest_layer" | "wrong_and_flat" | "zero_or_waiting";
  /** which of that kind: the same kind and seed give the same prediction */
  seed: number;
  /** of this run, at the first moment from `t` on that will do; else of one of its own */
  here?: boolean;
  /** up to where an earlier answer has searched this run */
  since?: number;
}

/**
 * The fields of the question predictions.
 */
export interface QuestionPredictions {
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
 * The fields of the question pytorch.
 */
export interface QuestionPytorch {}

/**
 * The fields of the question races.
 */
export interface QuestionRaces {}

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
  /** the digit whose saliency is wanted */
  target?: number | null;
  /** for how many neurons there is room */
  shown?: number[];
}

/**
 * The fields of the question recorded.
 */
export interface QuestionRecorded {
  /** a parameter, its gradient, or a running statistic of batch norm */
  tensor: string;
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
 * The fields of the question response_history.
 */
export interface QuestionResponseHistory {
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
 * The fields of the question reveal.
 */
export interface QuestionReveal {
  /** what was asked */
  kind: "arrow_sign" | "bias_move" | "cancelling_paths" | "dead_neuron" | "digit_that_pays" | "follows_arrow" | "heaviest_example" | "larger_input" | "largest_wish" | "longest_arrow" | "loss_after_step" | "mean_sign" | "slope_gate" | "smallest_factor" | "smallest_layer" | "wrong_and_flat" | "zero_or_waiting";
  /** which of that kind */
  seed: number;
  /** of this run, at `t`; else of one of its own */
  here?: boolean;
  /** the reader's; null where there is none */
  answer?: string | number | null;
}

/**
 * The fields of the question script.
 */
export interface QuestionScript {
  /** plain NumPy, PyTorch, or a notebook of both */
  form: "notebook" | "numpy" | "pytorch";
  /** that it trains */
  steps?: number;
}

/**
 * The fields of the question standing.
 */
export interface QuestionStanding {
  /** at most so many training examples */
  most?: number;
}

/**
 * The fields of the question stopped.
 */
export interface QuestionStopped {
  /** as a frame's metadata has it */
  condition: Until;
}

/**
 * The fields of the question suiting_kinds.
 */
export interface QuestionSuitingKinds {
  /** what may be asked; all without it */
  kinds?: string[];
  /** which of each kind */
  seed?: number;
  /** up to where an earlier answer has searched this run */
  since?: number;
}

/**
 * The fields of the question surface_losses.
 */
export interface QuestionSurfaceLosses {
  /** the plane */
  plane: {kind: string, moments?: {run?: string | null, t: number}[], elements?: [string, number[]][], seed?: number};
  /** the paths whose main directions make the plane */
  paths?: {run?: string | null, moments: number[]}[];
  /** 1000 of the training split, always the same ones, or those of the mini-batch */
  examples?: "mini_batch" | "training";
  /** the least coordinates of the grid */
  low: number[];
  /** its largest ones */
  high: number[];
  /** how many points are there already */
  start?: number;
}

/**
 * The fields of the question surface_paths.
 */
export interface QuestionSurfacePaths {
  /** the end of each path; without it, t of this run alone */
  runs?: {run?: string | null, t: number}[];
}

/**
 * The fields of the question surface_points.
 */
export interface QuestionSurfacePoints {
  /** the plane */
  plane: {kind: string, moments?: {run?: string | null, t: number}[], elements?: [string, number[]][], seed?: number};
  /** the paths whose main directions make the plane */
  paths?: {run?: string | null, moments: number[]}[];
  /** 1000 of the training split, always the same ones, or those of the mini-batch */
  examples?: "mini_batch" | "training";
  /** the moments; without it those of the paths */
  points?: {run?: string | null, moments: number[]}[];
  /** how many of them are there already */
  start?: number;
}

/**
 * The fields of the question tensors.
 */
export interface QuestionTensors {
  /** what is wanted whole */
  names: string[];
}

/**
 * The fields of the question times.
 */
export interface QuestionTimes {
  /** what is measured */
  of: "full_batch" | "loop" | "mini_batch";
  /** of a full batch, the first part that is measured */
  start?: number;
}

/**
 * The fields of the question weights_history.
 */
export interface QuestionWeightsHistory {
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
