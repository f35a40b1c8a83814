// Whether the network shows what is on the pad: while a person wants it, and until it moves on.

/** The choice in a box. Returns what has the network show what is on the pad, where that is wanted and it rests. */
export function createOnStage(box, store) {
  let wanted = true;
  let shown = null; // the moment of the network that the drawing is shown in

  box.addEventListener("change", () => {
    wanted = box.checked;
    store.set({ networkShows: wanted ? "drawing" : "moment" });
  });
  store.on(["networkShows"], ({ networkShows }) => {
    box.checked = networkShows === "drawing";
  });
  store.on(["playing"], ({ playing }) => playing && store.set({ networkShows: "moment" }));
  store.on(["moment"], ({ moment }) => {
    if (moment?.t !== shown) store.set({ networkShows: "moment" });
    shown = moment?.t;
  });
  return function toStage() {
    if (wanted && !store.get().playing) store.set({ networkShows: "drawing" });
  };
}
