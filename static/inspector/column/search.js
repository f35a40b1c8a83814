// The search in the column: what is typed takes effect as soon as it is something; that it is nothing is said only when
// one is done typing.

/**
 * Set up the field. `find(text)` is a range {start, end}, a {place} or null; `show(range)` is called for a range, or with
 * null for all, `go(place)` for a place, `told()` where there is something else to say, `enter()` to go to the list.
 */
export function createSearch(field, { find, show, go, told, enter }) {
  let missed = ""; // what was sought and is not there
  const sought = () => field.value.trim();

  field.addEventListener("input", () => {
    const found = find(sought());
    missed = "";
    if (found?.end || !sought()) show(found);
    else if (found) go(found.place);
    else told();
  });
  field.addEventListener("change", () => {
    missed = sought() && !find(sought()) ? sought() : "";
    told();
  });
  field.addEventListener("keydown", ({ key }) => key === "Enter" && find(sought()) && enter());

  return {
    missed: () => missed,
    clear() {
      field.value = missed = "";
    },
  };
}
