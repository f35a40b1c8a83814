// Lessons: prose beside the stage that drives the run. What a link holds of them is the list, or a lesson and its step.

import { optional, text } from "../base/codecs.js";
import { ofView, passing } from "../base/keys.js";

/** @type {import("../base/feature.js").Feature} */
export const lessons = {
  name: "lessons",
  slot: "lessons",
  state: {
    lesson: ofView(null, optional(text)), // "" for the list, "tour.3" for the third step of a lesson
    lessonBrings: passing(false), // whether the step brings its scene, as the link that named it has none
    lessonTold: passing(null), // what is told of the lesson: {name, step, steps, question}
  },
  watches: ["lesson"],
  wanted: ({ lesson }) => lesson !== null,
  speaks: "lesson.next",
  style: new URL("./style.css", import.meta.url),
  load: () => import("./panel.js"),
};
