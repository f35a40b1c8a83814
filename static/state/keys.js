// Every value that the page shows, by its key: whose it is, what it begins as, and when it is forgotten.

/**
 * What makes a value be forgotten, that is, be what it begins as: nothing; another run; or also a change of this run,
 * because the value says what the run was like before.
 */
const [NEVER, RUN, CHANGE] = ["never", "run", "change"];

/** What belongs to the page itself, whatever runs in it. */
const page = (initial) => ({ owner: "page", initial, forget: NEVER, linked: false });

/** What belongs to the run that is shown: none of it outlives that. */
const run = (initial, forget = RUN) => ({ owner: "run", initial, forget, linked: false });

/** What a person has chosen to look at, and would want a link to bring back. */
const view = (initial, forget = NEVER) => ({ owner: "view", initial, forget, linked: true });

/** What a view has at hand for an instant or on this very screen: a link has no use for it. */
const passing = (initial, forget = NEVER) => ({ ...view(initial, forget), linked: false });

const FIRST_EXAMPLE = 1; // of xor the one that is 0 and 0 shows little

export const KEYS = {
  words: page({}),
  theme: page("light"),
  themeChoice: page("auto"), // auto, light or dark
  connected: page(true),
  notice: page(null), // {text, blanks, untilConnected}: said once over the stage

  preset: run(null),
  scenario: run(null),
  listing: run(null),
  moment: run(null),
  furthest: run(0), // the latest moment that has been shown
  gestureTime: run(0), // milliseconds of the gesture that leads to the moment
  wanted: run(null), // the moment that is being sought
  playing: run(false),
  curves: run({}),
  evaluation: run(null),
  diagnosis: run(null),
  judged: run(null, CHANGE),
  trouble: run(null, CHANGE), // {t, tensor}: the first number that is none
  reading: run(null, CHANGE), // what the network reads on the pad
  cost: run(null), // what lessons have cost the other digits

  grain: view("layer"),
  speed: view(16),
  example: view(FIRST_EXAMPLE, RUN),
  selected: view(null, RUN),
  arrows: view("nudge"),
  stage: view("network"), // which side of the stage is in front
  networkShows: view("moment"), // or the drawing that is on the pad
  view: view("why"), // of the inspector, the one in front
  opened: view({ place: "", keys: [] }),
  wishes: view({ run: "", back: 0, neurons: {} }),
  proof: view({ reach: 1, seed: 0 }),
  sorted: view(false), // whether examples are shown by what they ask, the strongest first
  biggest: view(false), // whether the column has the biggest first
  matrix: view({ tensor: null, scope: "tensor", zoom: 0 }),
  split: view("held_out"),
  output: view(0, CHANGE),
  cell: view(null, CHANGE), // {label, answer}: of the table of confusions, the one that is opened
  plane: view(null, RUN), // the neuron whose answers are shown, such as "2.0"; null for the output
  chart: view("loss"),
  logarithmic: view(false),
  drawn: view([]), // what is on the pad, the oldest first: strokes, {points, width}, and pictures, {picture, label}
  pen: view("medium"),
  padTab: view("answer"),
  centred: view(true),
  target: view(null), // the digit that the ink is to come to
  tab: view("side"), // on a narrow screen, the one in front
  folded: view([]), // the panels that are folded away, by name
  wide: view(false), // whether the right rail is

  hovered: passing(null, RUN),
  lit: passing([], RUN),
  units: passing(null, RUN), // the neurons of each layer that the stage has room for ...
  room: passing(null), // ... and how many of them a drawing's own pass has
  drawing: passing(null), // {picture, from, label}: what the network sees of what is on the pad
  onPad: passing(null), // {picture, label}: to be put onto the pad
};
