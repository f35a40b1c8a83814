// The search in the column: what is typed takes effect as soon as it is something. That it is nothing is said once one is
// done typing or rests; what was found before is not shown any longer.

const RESTED = 600; // milliseconds without a key

/**
 * Set up the field, whose timer is of this life. `find(text)` is a range {start, end}, a {place} or null; `show(range)`
 * is called for a range, or with null for all, `go(place)` for a place, `told()` where there is something else to say,
 * `enter()` to go to the list, and `sought(text)` hears of what is typed, or of "" where it is cleared.
 */
export function createSearch(field, life, { find, show, go, told, enter, sought }) {
  let missed = ""; // what was sought and is not there
  let rest = null; // the timer that ends when one rests
  const typed = () => field.value.trim();

  function miss() {
    missed = typed() && !find(typed()) ? typed() : "";
    told();
  }

  function seek() {
    const found = find(typed());
    missed = "";
    life.cancel(rest);
    if (found?.end || !typed()) show(found);
    else if (found) go(found.place);
    else {
      show(null);
      rest = life.later(miss, RESTED);
    }
  }

  field.addEventListener("input", () => {
    seek();
    sought(field.value);
  });
  field.addEventListener("change", miss);
  field.addEventListener("keydown", ({ key }) => key === "Enter" && find(typed()) && enter());

  return {
    missed: () => missed,

    /** Have this text in the field, as if it had been typed; `anew` where there is another list. */
    put(text, anew = false) {
      if (field.value === text && !(anew && text)) return;
      field.value = text;
      seek();
    },

    clear() {
      life.cancel(rest);
      field.value = missed = "";
      sought("");
    },
  };
}
