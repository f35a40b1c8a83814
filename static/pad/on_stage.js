// Whether the stage shows the drawing on the pad: while a person wants it, and until the run moves on.

/** The choice in a box. Returns a function that shows the drawing on the stage, where that is wanted and nothing plays. */
export function createOnStage(box, store) {
  let wanted = true;
  let shown = store.get().moment?.t; // the moment of the network that the drawing is shown in

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
