// The values of a drawing, as types: where everything goes, and the marks of a scene.

/** @import { Colours } from "../base/colours.js" */
/** @import { Layer, Moment, Tensor } from "../base/types.js" */

/** @typedef {{x: number, y: number}} Point In CSS pixels of the stage. */

/** @typedef {Point & {label?: Point}} ArrowPlace Where an arrow stands, and where the number of its weight. */

/** @typedef {[x0: number, y0: number, x1: number, y1: number]} Path Where a connection's curve begins and ends. */

/**
 * A layer's column of neurons.
 *
 * @typedef {object} Column
 * @property {number} layer
 * @property {number} units
 * @property {number} x
 * @property {number[]} shown the units that are drawn, from the top down
 * @property {number} hidden how many are not
 * @property {number} pitch pixels from one to the next
 * @property {Map<number, number>} ys where each drawn unit is
 * @property {number | null} gap where those are left out
 */

/**
 * Where the input picture goes, and beside it those of the weights and of what the arrows show of them.
 *
 * @typedef {object} PicturePlace
 * @property {number} x
 * @property {number} y
 * @property {number} side
 * @property {number} small the side of the pictures of weights
 * @property {number} weights from where on these are
 * @property {number} gradients and from where on those of what the arrows show
 * @property {number} end where all of them end
 */

/**
 * Where everything of a network goes on the stage.
 *
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {number} top
 * @property {number[]} sizes
 * @property {(Column | null)[]} columns by layer; null for inputs that are shown as a picture
 * @property {PicturePlace | null} picture
 * @property {number} radius of a neuron's circle
 * @property {number} spacing from one column to the next
 * @property {number} scale how many times their usual size type, circles and arrows have
 * @property {number} least pixels of the smallest type
 * @property {{least: number, span: number}} arrow the length of an arrow: the least, and what is added to it up to the full length
 * @property {{least: number, span: number}} line the same of a line's width
 */

/**
 * What the arrows mean.
 *
 * @typedef {object} Arrows
 * @property {string} name
 * @property {string} letter that makes of a parameter's name the tensor that is shown
 * @property {number} sign with which it is shown
 * @property {number} errors the sign of the errors that go with it
 * @property {string} quantity
 * @property {string} caption
 */

/**
 * How long arrows are: `full` is the number of the longest; by decades, the shortest stands for so many decades less.
 *
 * @typedef {{name: string, full: number, decades: number}} ArrowScale
 */

/**
 * To which numbers sizes are drawn.
 *
 * @typedef {object} Scales
 * @property {number} weight
 * @property {ArrowScale} arrow
 * @property {number} delta
 * @property {number[]} activation by layer
 * @property {number} pictureWeight
 * @property {number} pictureGradient
 */

/**
 * What a scene is composed from.
 *
 * @typedef {object} View
 * @property {Moment} moment
 * @property {Layout} layout
 * @property {(Map<string, ArrowPlace> | null)[]} places of the arrows and of the weights' numbers, by layer
 * @property {Layer[]} layers in force
 * @property {number} example
 * @property {Colours} colours
 * @property {Arrows} arrows
 * @property {Scales} scales
 */

/**
 * What the neurons of a scene are composed from.
 *
 * @typedef {Pick<View, "layout" | "colours" | "example"> & {moment: Pick<Moment, "value">, scales: Pick<Scales, "activation">}} NeuronView
 */

/**
 * A mark: an element of a tensor as it is drawn. Its value is undefined where it has not been computed.
 *
 * @typedef {object} Mark
 * @property {string} kind
 * @property {string} tensor
 * @property {number[]} index
 * @property {number | undefined} value
 * @property {string} colour
 * @property {number} size
 */

/** @typedef {Mark & {layer: number, dashed: boolean, path: Path, label: Point | null}} LineMark */
/** @typedef {Mark & {layer: number, unit: number, radius: number} & Point} NeuronMark */
/** @typedef {Mark & {down: boolean, layer: number, radius: number} & Point} HaloMark */
/** @typedef {Mark & {layer: number, dashed: boolean, from: Point, numbered: boolean} & Point} BiasMark */
/** @typedef {Mark & {radius: number} & Point} TargetMark */
/** @typedef {Mark & {shown: number, width: number, hollow: boolean, numbered: boolean, layer: number} & Point} NudgeMark */
/** @typedef {Mark & {layer: number, radius: number, from: Point, to: Point}} SkipMark */
/** @typedef {Mark & {radius: number} & Point} MaskMark */
/** @typedef {Mark & {layer: number, dashed: boolean, reach: number} & Point} NormScaleMark */

/**
 * A picture: a row of a tensor, each cell a pixel.
 *
 * @typedef {object} PictureMark
 * @property {"ink" | "grey" | "nudge"} kind
 * @property {string} tensor
 * @property {number} row
 * @property {ArrayLike<number>} data
 * @property {number} scale at which its colour is full
 * @property {number} sign
 * @property {number} x
 * @property {number} y
 * @property {number} side
 */

/**
 * All marks of a moment, by what they are.
 *
 * @typedef {object} Scene
 * @property {number} t
 * @property {number} depth the number of layers
 * @property {LineMark[]} lines
 * @property {NudgeMark[]} nudges
 * @property {NeuronMark[]} neurons
 * @property {HaloMark[]} halos
 * @property {BiasMark[]} biases
 * @property {TargetMark[]} targets
 * @property {PictureMark[]} pictures
 * @property {SkipMark[]} skips
 * @property {MaskMark[]} masks
 * @property {NormScaleMark[]} normScales
 */

/**
 * What the painting of a scene takes besides its marks.
 *
 * @typedef {object} Look
 * @property {Colours} colours
 * @property {string} font
 * @property {number} scale how many times its usual size type has
 * @property {number} least pixels of the smallest type
 * @property {string[][]} captions by layer, in several lengths
 * @property {Set<string>} lit the tensors that have just been written
 * @property {string} weights the caption of the pictures of weights
 * @property {string} gradients and of what the arrows show of them
 * @property {(name: string, blanks?: Record<string, string | number>) => string} say
 * @property {string[]} classes the names of the classes that stand beside the outputs; none where they have no names
 * @property {string[]} inputs the names of the inputs that stand before them; none where they have no names
 * @property {number} depth
 * @property {{layer: number, count: number, shown: number}[]} left layers of which not all lines are drawn
 * @property {number} width
 * @property {boolean} crowded
 * @property {number[]} pitches pixels from one neuron to the next, by layer
 */

/**
 * How a moment is reached from the one before.
 *
 * @typedef {object} Gesture
 * @property {Set<string>} growing the tensors that have been written since
 * @property {{layer: number, backward: boolean} | null} flow
 * @property {number | null} lit the layer that is computed
 * @property {Set<string>} lights the tensors that have been written last
 * @property {Scene | null} earlier
 */

/**
 * A grid of cells: how many, their values row after row, and how they are painted.
 *
 * @typedef {object} Grid
 * @property {number} rows
 * @property {number} columns
 * @property {ArrayLike<number> & Iterable<number>} data
 * @property {number | number[]} cell pixels of a cell's side, or [width, height]
 * @property {number} [x]
 * @property {number} [y]
 * @property {"grey" | "ink" | "against" | "along"} [colouring]
 * @property {number} [scale] the distance from 0 at which a colour is full
 * @property {Place[]} [lit]
 * @property {string} [font]
 */

/** @typedef {{row?: number | null, column?: number | null}} Place A cell; without a row all rows, without a column all columns. */

/** @typedef {{low: number, high: number, least: number, most: number}} Range Of values, with room around the least and the most. */

/**
 * The points of a data set, over one or two inputs.
 *
 * @typedef {object} Points
 * @property {number} inputs
 * @property {{split: string, x: Tensor, y: Tensor}[]} splits
 * @property {Range} range in which the inputs lie
 * @property {Range} heights and the targets
 */

/**
 * The answers to all inputs of a grid, and how they are coloured: around which value, full how far from it, and towards
 * which colours below and above it, which without `ends` are those of the first two classes.
 *
 * @typedef {{shape: number[], values: Float32Array, tone: {centre: number, reach: number, ends?: (keyof Colours)[]}}} Answer
 */

/**
 * The plane of the inputs as it is painted.
 *
 * @typedef {object} PlaneView
 * @property {Points} data
 * @property {Answer | null} answer
 * @property {Moment | null} moment
 * @property {Colours} colours
 * @property {number} size pixels of a side
 * @property {boolean} classes whether the targets are of classes
 * @property {boolean} output whether the answer is the output's
 */

/** @typedef {CanvasRenderingContext2D} Context */
