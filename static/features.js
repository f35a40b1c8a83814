// All features of a mount, and the keys of the store, which they declare.

import { oneOf } from "./base/codecs.js";
import { keysOf, namesOf, ofView } from "./base/keys.js";
import { SHARED } from "./state/keys.js";
import { along } from "./along/feature.js";
import { caption } from "./caption/panel.js";
import { card } from "./card/feature.js";
import { runTo, transport as controls } from "./transport/panel.js";
import { example } from "./network/example.js";
import { network } from "./network/panel.js";
import { pass } from "./network/pass_feature.js";
import { loss } from "./charts/panel.js";
import { diagnosis } from "./health/panel.js";
import { experiment } from "./setup/panel.js";
import { learned } from "./learned/feature.js";
import { laboratory } from "./lab/feature.js";
import { lessons } from "./lessons/feature.js";
import { map, mapButton } from "./map/feature.js";
import { own } from "./own/feature.js";
import { surface, surfaceButton } from "./surface/feature.js";
import { stories } from "./stories/panel.js";
import { practice } from "./practice/feature.js";
import { plane } from "./plane/panel.js";
import { elsewhere } from "./pad/elsewhere.js";
import { pad } from "./pad/feature.js";
import { classLink, notes, presenting } from "./presenting/feature.js";
import { projector } from "./projector/panel.js";
import { CONVENTION } from "./tensor/convention.js";
import { check } from "./inspector/check.js";
import { now } from "./inspector/now/panel.js";
import { inspector } from "./inspector/panel.js";
import { asking, glossary } from "./glossary/feature.js";
import { gallery } from "./gallery/panel.js";
import { header } from "./page/header.js";
import { hints } from "./page/hints.js";
import { notices } from "./page/notices.js";
import { opener } from "./page/open.js";
import { regions } from "./page/regions.js";
import { side } from "./page/side.js";
import { spoken } from "./spoken/feature.js";
import { stopWhen } from "./until/feature.js";
import { tapped } from "./page/tapped.js";
import { weights } from "./weights/feature.js";

/** The sides of the stage, in the order of their tabs. */
export const SIDES = [network, learned, surface, map];

/** All features of a mount, each in the region of its slot; the first one hears first of a change. */
export const FEATURES = [
  regions,
  header,
  gallery,
  projector,
  ...SIDES,
  card,
  caption,
  example,
  controls,
  runTo,
  stopWhen,
  experiment,
  own,
  stories,
  laboratory,
  lessons,
  presenting,
  classLink,
  along,
  notes,
  glossary,
  asking,
  practice,
  diagnosis,
  loss,
  surfaceButton,
  mapButton,
  plane,
  elsewhere,
  pad,
  pass,
  inspector,
  now,
  check,
  tapped,
  side,
  opener,
  weights,
  notices,
  spoken,
  hints,
];

const stage = ofView("network", oneOf(namesOf([...SIDES, laboratory]))); // the side of the stage that is in front

/** Every value that a mount shows, by its key: whose it is, what it begins as, when it is forgotten, how it is linked. */
export const KEYS = keysOf([{ state: SHARED }, { state: { stage, convention: CONVENTION } }, ...FEATURES]);
