// All features of a mount, and the keys of the store, which they declare.

import { oneOf } from "./base/codecs.js";
import { keysOf, namesOf, ofView } from "./base/keys.js";
import { SHARED } from "./state/keys.js";
import { transport as controls } from "./transport/panel.js";
import { example } from "./network/example.js";
import { network } from "./network/panel.js";
import { pass } from "./network/pass_panel.js";
import { loss } from "./charts/panel.js";
import { diagnosis } from "./health/panel.js";
import { experiment } from "./setup/panel.js";
import { learned } from "./learned/panel.js";
import { plane } from "./plane/panel.js";
import { pad } from "./pad/panel.js";
import { check } from "./inspector/check.js";
import { now } from "./inspector/now/panel.js";
import { inspector } from "./inspector/panel.js";
import { header } from "./page/header.js";
import { notices } from "./page/notices.js";
import { opener } from "./page/open.js";
import { side } from "./page/side.js";
import { tapped } from "./page/tapped.js";

/** The sides of the stage, in the order of their tabs. */
export const SIDES = [network, learned];

/** All features of a mount, each in the region of its slot; the first one hears first of a change. */
export const FEATURES = [
  header,
  ...SIDES,
  example,
  controls,
  experiment,
  diagnosis,
  loss,
  plane,
  pad,
  pass,
  inspector,
  now,
  check,
  tapped,
  side,
  opener,
  notices,
];

const stage = ofView("network", oneOf(namesOf(SIDES))); // the side of the stage that is in front

/** Every value that a mount shows, by its key: whose it is, what it begins as, when it is forgotten, how it is linked. */
export const KEYS = keysOf([{ state: SHARED }, { state: { stage } }, ...FEATURES]);
