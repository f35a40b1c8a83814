// The tables of a person's own data before there are any: what keeps them is fetched with the first.

/**
 * `tables()` resolves to them, and rejects where the server is away; `giveAgain(experiment)` gives the server the table of an
 * experiment once more, and resolves to whether there was one to give.
 *
 * @param {{open: () => Storage}} storage
 * @param {import("../base/types.js").Life} life
 */
export function tablesOnDemand(storage, life) {
  /** @type {Promise<ReturnType<typeof import("./tables.js").createTables>> | null} */
  let coming = null;

  async function tables() {
    coming ??= import("./tables.js").then(({ createTables }) => createTables(storage, life));
    try {
      return await coming;
    } catch (error) {
      coming = null;
      throw error;
    }
  }

  return {
    tables,
    /** @param {any} experiment */
    giveAgain: async (experiment) =>
      experiment.dataset.content
        ? tables().then(
            (all) => all.again(experiment),
            () => false,
          )
        : false,
  };
}
