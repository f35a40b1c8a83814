// Where the parts of the page are that a lesson or a link names.

/** The controls and panels that may matter in a step of a lesson. @type {Record<string, string>} */
export const CONTROLS = {
  play: "[data-control=play]",
  step_forward: "[data-control=forward]",
  step_back: "[data-control=back]",
  full_speed: "[data-control=full]",
  restart: "[data-control=restart]",
  grain: ".grain",
  speed: ".speed",
  timeline: "[data-control=timeline]",
  run_to: "[data-control=run-to]",
  experiment: "[data-region=experiment]",
  inspector: "[data-region=inspector]",
  pad: "[data-region=pad]",
  plane: "[data-region=plane]",
  loss: "[data-region=loss]",
  arrows: "[data-region=legend]",
  example: "[data-region=example]",
  projector: "[data-control=projector]",
};

/** All that a link may leave out; of the header its heading stays, which is the page's. @type {Record<string, string>} */
export const PARTS = {
  ...CONTROLS,
  header: "[data-region=header] > :not(h1)",
  stories: "[data-control=stories], [data-region=stories]",
  lessons: "[data-control=lessons], [data-story=tour]",
  practice: "[data-control=practice]",
  glossary: "[data-region=glossary], button[data-term]:not(.asks)",
  laboratory: "[data-control=laboratory]",
  fork: "[data-control=fork]",
  stop_when: "[data-control=stop-when]",
  gallery: "[data-region=gallery]",
  open: "[data-control=open]",
  save: "[data-control=save], [data-control=along]",
  share: "[data-control=share], [data-control=class]",
  language: "[data-control=language]",
  theme: "[data-control=theme]",
  transport: "[data-region=transport]",
  learned: "[data-part=sides]",
  caption: "[data-region=caption]",
  diagnosis: "[data-region=diagnosis]",
  map: "[data-control=map], [data-tab=map]",
};

/** What lies behind each tab of a narrow screen. @type {Record<string, string[]>} */
export const TABS = { side: ["plane", "pad", "inspector"], loss: ["loss"], experiment: ["experiment"] };
