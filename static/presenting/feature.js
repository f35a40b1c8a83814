// What a link may leave out of the page: parts by their names, prose that gives answers away, or all around the stage.

import { flag, listed, oneOf } from "../base/codecs.js";
import { ofView, passing } from "../base/keys.js";

/** The parts that a link may leave out, by where they are; one with the name of its row holds the others of it. */
export const ROWS = {
  panels: "experiment inspector plane pad loss map diagnosis",
  stage: "learned example arrows caption projector notes",
  transport: "transport play step_forward step_back full_speed restart grain speed timeline run_to fork stop_when",
  header: "header stories lessons practice laboratory glossary gallery open save share language theme",
};

/** Their names: those that `page/parts.js` finds, and the notes of lessons. */
export const NAMES = Object.values(ROWS).join(" ").split(" ");

/** @type {import("../base/feature.js").Feature} */
export const presenting = {
  name: "presenting",
  slot: "network",
  state: {
    away: ofView([], { ...listed(oneOf(NAMES)), as: "hide", carried: true }), // the parts that are left out
    questionsAlone: ofView(false, { ...flag, as: "quiz", carried: true }), // of a lesson; its prose comes with the answers
    embed: ofView(false, { ...flag, carried: true }), // whether the page stands in a frame of another one
  },
  watches: ["away", "questionsAlone", "embed"],
  wanted: ({ away, questionsAlone, embed }) => embed || questionsAlone || away.length > 0,
  style: new URL("./style.css", import.meta.url),
  load: () => import("./panel.js"),
};

/** The link for a class: the form that makes it. @type {import("../base/feature.js").Feature} */
export const classLink = {
  name: "class_link",
  slot: "header",
  state: { classOpen: passing(false) }, // whether the form is open
  watches: ["classOpen"],
  wanted: ({ classOpen }) => classOpen,
  speaks: "class.title",
  style: new URL("./class.css", import.meta.url),
  load: () => import("./class_link.js"),
};

/** The second window, with a lesson's notes. @type {import("../base/feature.js").Feature} */
export const notes = {
  name: "notes",
  slot: "lessons",
  state: { lessonRead: passing(null) }, // what is read of a lesson: {lesson, place, order, values}
  watches: ["lessonRead"],
  wanted: ({ lessonRead }) => lessonRead !== null,
  load: () => import("./notes.js"),
};
