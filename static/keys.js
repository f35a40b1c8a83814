// Every value that the page shows, by its key: whose it is, what it begins as, when it is forgotten, how it is linked.

import { CHARTS } from "./charts/charts.js";
import { VIEWS } from "./inspector/panel.js";
import { WISHES } from "./inspector/wishes/place.js";
import { ARROWS } from "./network/arrows.js";
import { DRAWN } from "./pad/drawn.js";
import { TABS } from "./pad/panel.js";
import { PENS } from "./pad/strokes.js";
import { cell, fields, flag, listed, named, number, optional, text, whole } from "./scene/codecs.js";

/**
 * What makes a value be forgotten, that is, be what it begins as: nothing; another preset or scenario; any other run; or
 * also a change of this run, because the value says what the run was like before.
 */
const [NEVER, PRESET, RUN, CHANGE] = ["never", "preset", "run", "change"];

/** What belongs to the page itself, whatever runs in it. */
const page = (initial) => ({ owner: "page", initial, forget: NEVER, linked: null });

/** What belongs to the run that is shown: none of it outlives that. */
const run = (initial, forget = RUN) => ({ owner: "run", initial, forget, linked: null });

/**
 * What a person has chosen to look at, and would want a link to bring back. `linked` is how a scene holds it:
 * `fits(value, state)` tells whether a value may be had; `plain(value, state)` and `value(plain, state)` lead to the plain
 * form and back, where it has one of its own; what is `heavy` is left out of an address that would be too long; what is
 * `late` is set once the moment is shown.
 */
const view = (initial, linked, forget = NEVER) => ({ owner: "view", initial, forget, linked });

/** What a person has chosen for all that they look at: a scene that does not tell leaves it as it is. */
const own = (initial, linked) => ({ ...page(initial), linked: { ...linked, personal: true } });

/** What a view has at hand for an instant or on this very screen: a link has no use for it. */
const passing = (initial, forget = NEVER) => view(initial, null, forget);

const FIRST_EXAMPLE = 1; // of the first preset, the one before has no inputs but 0

const namesOf = (features) => features.map(({ name }) => name);

const MARK = {
  ...optional(cell),
  plain: (mark) => mark && { kind: mark.kind, tensor: mark.tensor, index: mark.index },
};
const depthOf = ({ listing }) => listing.sizes.length - 1;
const outputsOf = ({ listing }) => listing.sizes.at(-1);
const classesOf = (state) => Math.max(2, outputsOf(state));
const neuron = {
  fits: (value, { listing }) =>
    typeof value === "string" &&
    /^\d+\.\d+$/.test(value) &&
    Number(value.split(".")[1]) < listing.sizes[value.split(".")[0]],
};
const tensor = { fits: (value, { listing }) => typeof value === "string" && Object.hasOwn(listing.tensors, value) };

export const KEYS = {
  words: page({}),
  theme: page("light"),
  themeChoice: own("auto", { ...named(["auto", "light", "dark"]), as: "theme" }),
  language: own(null, { ...optional(named(({ languages }) => languages)), query: "lang" }), // where it is chosen by hand
  connected: page(true),
  full: page(false), // whether the server has no room for this page, or for its run
  beginning: page(0), // how many runs are being begun
  notice: page(null), // {text, blanks, untilConnected}, or a list of them: said once over the stage

  preset: run(null),
  scenario: run(null),
  listing: run(null),
  moment: run(null),
  furthest: run(0), // the latest moment that has been shown
  gestureTime: run(0), // milliseconds of the gesture that leads to the moment
  wanted: run(null), // the moment that is being sought
  playing: run(false),
  landmark: run(null), // from which a server that has lost the run goes on
  curves: run({}),
  evaluation: run(null),
  diagnosis: run(null),
  judged: run(null, CHANGE),
  trouble: run(null, CHANGE), // {t, tensor}: the first number that is none; both null where it takes too long to say
  halted: run(null, CHANGE), // the moment at which playing stopped by itself, until the page has gone to the one before
  reading: run(null, CHANGE), // what the network reads on the pad
  cost: run(null), // what lessons have cost the other digits

  grain: view("layer", named(["equation", "layer", "training_step", "epoch"])),
  speed: view(16, whole(0, 100), PRESET),
  example: view(FIRST_EXAMPLE, whole(0), RUN),
  selected: view(null, MARK, RUN),
  arrows: view("nudge", named(ARROWS), PRESET),
  rows: view([], listed(whole(0, (state) => depthOf(state) - 1)), PRESET), // the layers whose extras are open
  stage: view("network", named(["network", "learned"])), // which side of the stage is in front
  networkShows: view("moment", { ...named(["moment", "drawing"]), late: true }), // or the drawing that is on the pad
  view: view("why", named(namesOf(VIEWS))), // of the inspector, the one in front
  opened: view({ place: "", keys: [] }, fields({ place: text, keys: listed(text) }), PRESET),
  wishes: view({ run: "", back: 0, neurons: {} }, WISHES, PRESET),
  proof: view({ reach: 1, seed: 0 }, fields({ reach: number(2 ** -6, 2 ** 6), seed: whole(0) }), PRESET),
  sorted: view(false, flag), // whether examples are shown by what they ask, the strongest first
  biggest: view(false, flag), // whether the column has the biggest first
  matrix: view(
    { tensor: null, scope: "tensor", zoom: 0 },
    fields({ tensor: optional(tensor), scope: named(["tensor", "layer", "network"]), zoom: whole(0, 16) }),
    PRESET,
  ),
  split: view("held_out", named(["held_out", "training"])),
  output: view(
    0,
    whole(0, (state) => outputsOf(state) - 1),
    CHANGE,
  ),
  // {label, answer}: of the table of confusions, the one that is opened
  cell: view(
    null,
    optional(
      fields({ label: whole(0, (state) => classesOf(state) - 1), answer: whole(-1, (state) => classesOf(state) - 1) }),
    ),
    CHANGE,
  ),
  plane: view(null, optional(neuron), RUN), // the neuron whose answers are shown, such as "2.0"; null for the output
  chart: view("loss", named(CHARTS)),
  logarithmic: view(false, flag),
  drawn: view([], { ...DRAWN, heavy: true }), // what is on the pad, the oldest first: strokes, {points, width}, and pictures, {picture, label}
  pen: view("medium", named(PENS)),
  padTab: view("answer", named(namesOf(TABS))),
  centred: view(true, flag),
  target: view(null, optional(whole(0, 9)), PRESET), // the digit that the ink is to come to
  tab: view("side", named(["side", "loss", "experiment"])), // on a narrow screen, the one in front
  folded: view([], listed(named(["plane", "pad"]))), // the panels that are folded away, by name
  wide: view(false, flag), // whether the right rail is

  hovered: passing(null, RUN),
  lit: passing([], RUN),
  units: passing(null, RUN), // the neurons of each layer that the stage has room for ...
  room: passing(null), // ... and how many of them a drawing's own pass has
  drawing: passing(null), // {picture, from, label}: what the network sees of what is on the pad
  onPad: passing(null), // {picture, label}: to be put onto the pad
};
