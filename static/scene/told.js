// What is said of a scene that this page cannot show as it is written.

const listOf = (names) => names.join(", ");

/** The notices of what was left out of a view, fields that are unknown and those whose values do not fit; null for none. */
export function leftOut({ unknown, unfit }) {
  const said = [
    ...(unknown.length ? [{ text: "scene.unknown", blanks: { fields: listOf(unknown) } }] : []),
    ...(unfit.length ? [{ text: "scene.unfit", blanks: { fields: listOf(unfit) } }] : []),
  ];
  return said.length ? said : null;
}
