// The format of scenes: a later one is refused, for in it fields may mean something else.

import { Refused } from "../ask/connection.js";

export const FORMAT = 1; // the latest that is read; a scene without a format has format 1

/** Throws what is wrong with the format of a scene. */
export function checkFormat(found) {
  const whole = Number.isSafeInteger(found);
  if (whole && found >= 1 && found <= FORMAT) return;
  const kind = whole && found > FORMAT ? "unsupported" : "invalid";
  const value = typeof found === "string" ? `'${found}'` : JSON.stringify(found);
  throw new Refused({
    refused: `${kind} scene format: ${value} (this version reads up to ${FORMAT})`,
    field: "format",
    details: { kind, noun: "scene format", value, form: "format", blanks: { high: FORMAT } },
  });
}
