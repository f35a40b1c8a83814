// The search in the column: what is typed takes effect as soon as it is something. That it is nothing is said once one is
// done typing or rests; what was found before is not shown any longer.

const RESTED = 600; // milliseconds without a key

/**
 * Set up the field, whose timer is of this life. `find(text)` is a range {start, end}, a {place} or null; `show(range)`
 * is called for a range, or with null for all, `go(place)` for a place, `told()` where there is something else to say,
 * `enter()` to go to the list.
 */
export function createSearch(field, life, { find, show, go, told, enter }) {
  let missed = ""; // what was sought and is not there
  let rest = null; // the timer that ends when one rests
  const sought = () => field.value.trim();

  function miss() {
    missed = sought() && !find(sought()) ? sought() : "";
    told();
  }

  field.addEventListener("input", () => {
    const found = find(sought());
    missed = "";
    life.cancel(rest);
    if (found?.end || !sought()) show(found);
    else if (found) go(found.place);
    else {
      show(null);
      rest = life.later(miss, RESTED);
    }
  });
  field.addEventListener("change", miss);
  field.addEventListener("keydown", ({ key }) => key === "Enter" && find(sought()) && enter());

  return {
    missed: () => missed,
    clear() {
      life.cancel(rest);
      field.value = missed = "";
    },
  };
}
