// What lies beside the stage, a lesson or practice: its place in the layout.

/** Have the element of a mount tell whether something lies beside the stage. */
export function keepBeside(all, store) {
  const put = ({ lesson, practice }) => {
    all.dataset.lesson = lesson === null && practice === null ? "" : "open";
  };
  store.on(["lesson", "practice"], put);
  put(store.get());
}
