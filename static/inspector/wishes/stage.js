// Has the stage show what the view shows, as long as it is in front: `wished` of the store.

/** Returns what tells the stage of an answer about a layer, or of none. */
export function createTelling(store) {
  store.on(["view"], ({ view, wished }) => view !== "wishes" && wished && store.set({ wished: null }));
  return function tell({ moment, example, wished }, layer, answer) {
    const tensors = answer?.found.tensors ?? null;
    if (tensors === (wished?.tensors ?? null)) return;
    store.set({ wished: tensors && { t: answer.t, layer, example: moment.shownExample(example), tensors } });
  };
}
