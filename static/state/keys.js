// The values that several features share: what belongs to the page, to the run that is shown, and to what is pointed at.

import { oneOf, optional } from "../base/codecs.js";
import { CHANGE, ofPage, ofRun, ofView, passing, personal, RUN } from "../base/keys.js";

/** @type {import("../base/keys.js").Keys} */
export const SHARED = {
  words: ofPage({}),
  theme: ofPage("light"),
  themeChoice: personal("auto", { ...oneOf(["auto", "light", "dark"]), as: "theme" }),
  language: personal(null, { ...optional(oneOf(({ languages }) => languages)), query: "lang" }), // where it is chosen by hand
  connected: ofPage(true),
  full: ofPage(false), // whether the server has no room for this page, or for its run
  beginning: ofPage(0), // how many runs are being begun
  notice: ofPage(null), // {text, blanks, untilConnected}, or a list of them: said once over the stage

  preset: ofRun(null),
  scenario: ofRun(null),
  listing: ofRun(null),
  moment: ofRun(null),
  furthest: ofRun(0), // the latest moment that has been shown
  gestureTime: ofRun(0), // milliseconds of the gesture that leads to the moment
  wanted: ofRun(null), // the moment that is being sought
  playing: ofRun(false),
  landmark: ofRun(null), // from which a server that has lost the run goes on
  curves: ofRun({}),
  trouble: ofRun(null, CHANGE), // {t, tensor}: the first NaN or infinity; both null where it takes too long to find
  halted: ofRun(null, CHANGE), // the moment at which playing stopped by itself, until the page has gone to the one before

  tab: ofView("side", oneOf(["side", "loss", "experiment"])), // on a narrow screen, the one in front
  hovered: passing(null, RUN),
  lit: passing([], RUN),
};
