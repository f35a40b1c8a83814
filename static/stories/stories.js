// The stories to start with: each is a scene, what plays in it and where that rests, and what is said of it meanwhile.

import { brief } from "../base/numbers.js";
import { beginOf, locate } from "../base/time.js";
import { same } from "../scene/difference.js";
import { restored } from "../scene/named.js";

/**
 * @typedef {object} Story
 * @property {string} name of its button and its words
 * @property {{preset?: string, scenario?: string}} of its experiment, as a link names it
 * @property {number} t
 * @property {object} view
 * @property {string} [brings] the region that must be in sight
 * @property {boolean} [plays] whether it begins to play by itself
 * @property {(listing: any) => number[]} stops the moments at which playing stops
 * @property {number} [rest] milliseconds after which it goes on from a stop, but for the last; without it, it stays there
 * @property {(listing: any) => {since: number, speed: number}} [slows] the moment from which on it becomes slower until the
 *   stop after it, and the speed that it then has
 * @property {(listing: any, choices: any) => boolean} [goesOn] whether it plays on now that the run has been changed
 * @property {(state: any, choices: any) => [string, object?]} told the name of the sentence of this moment, and its blanks
 */

/** In place of a story's name, where all of them are offered. */
export const OFFERED = "offered";

/** The first screen: XOR, its first forward and backward pass done; it learns within seconds where it is played from there. */
export const FIRST = { of: { preset: "xor" }, t: 14, view: { story: OFFERED, grain: "training_step", speed: 40 } };

/**
 * The scene with which a story begins.
 *
 * @param {{of: object, t: number, view: object}} story
 */
export const sceneOf = ({ of, t, view }, offers) => ({ experiment: restored(of, offers), t, view });

const [LEARNED, SLOWS] = [200, 170]; // training steps of the story that learns: its end, and from where on it is slower
const [TROUBLED, CURED] = [130, 250]; // training steps of the story with a cure: when it rests, and how long it then goes on

/** The moments at which the phases of the first training step end. */
function phasesOf({ segments: [{ program }] }) {
  return program.flatMap(({ phase }, i) => (phase === program[i + 1]?.phase ? [] : [i + 1]));
}

/** The loss of the mini-batch and the training step, as a sentence has them; null where there is no loss. */
function progress({ listing, moment }) {
  const loss = moment.value("loss");
  return loss === undefined ? null : { loss: brief(loss), step: locate(listing, moment.t).trainingStep + 1 };
}

const lastChange = ({ experiment: { changes = [] } }) => changes.at(-1);

/** Whether the last change of a run is a remedy of the scenario. */
function isCured(listing, { remedies }) {
  const { t: _t, ...fields } = lastChange(listing) ?? {};
  return remedies.some(({ change }) => same(change, fields));
}

/** @type {Story[]} */
export const STORIES = [
  {
    name: "one_step",
    of: { preset: "xor" },
    t: 0,
    view: { grain: "layer", speed: 5 },
    plays: true,
    stops: phasesOf,
    rest: 4000,
    told({ listing, moment }) {
      const { last, trainingStep } = locate(listing, moment.t);
      if (!last) return ["begin"];
      return trainingStep > 0 || moment.t === listing.segments[0].program.length ? ["done"] : [last.phase];
    },
  },
  {
    name: "learn",
    of: { preset: "ring" },
    t: 0,
    view: { grain: "training_step", speed: 45 },
    plays: true,
    stops: (listing) => [beginOf(listing, LEARNED)],
    slows: (listing) => ({ since: beginOf(listing, SLOWS), speed: 20 }),
    told({ listing, moment }) {
      const now = progress({ listing, moment });
      if (!now) return ["begin"];
      return moment.t < beginOf(listing, LEARNED) ? ["during", now] : ["done", now];
    },
  },
  {
    name: "digit",
    of: { preset: "digits_best" },
    t: 7, // the forward pass of the first training step is done
    view: { padTab: "teach" },
    brings: "pad",
    stops: () => [],
    told({ listing, drawing }) {
      if (lastChange(listing)?.drawings) return ["taught"];
      return drawing ? ["drawn"] : ["begin"];
    },
  },
  {
    name: "cure",
    of: { scenario: "vanishing" },
    t: 720, // ten training steps are done
    view: { grain: "training_step", speed: 45 },
    plays: true,
    stops(listing) {
      const change = lastChange(listing);
      if (!change) return [beginOf(listing, TROUBLED)];
      const { training_step: since } = listing.segments.at(-1);
      return [beginOf(listing, since + CURED)];
    },
    goesOn: (listing, { scenarios }) => isCured(listing, scenarios.vanishing),
    told({ listing, moment }, { scenarios }) {
      return [
        isCured(listing, scenarios.vanishing) ? "cured" : "begin",
        progress({ listing, moment }) ?? { loss: "—", step: "—" },
      ];
    },
  },
];
