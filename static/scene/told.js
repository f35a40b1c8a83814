// What is said of a scene that this page cannot show as it is written.

const listOf = (names) => names.join(", ");

/** The notices of unknown fields of a view and of values that do not fit; null for none. */
export function leftOut({ unknown, unfit }) {
  const said = [
    ...(unknown.length ? [{ text: "scene.unknown", blanks: { fields: listOf(unknown) } }] : []),
    ...(unfit.length ? [{ text: "scene.unfit", blanks: { fields: listOf(unfit) } }] : []),
  ];
  return said.length ? said : null;
}
