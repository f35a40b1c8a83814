// Tables as comma-separated values.

/** A cell of a table: a number in all its digits, or a text, in quotation marks where it needs them. */
function written(/** @type {any} */ cell) {
  if (cell === null || cell === undefined) return "";
  const text = String(cell);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line for each row. @param {any[][]} rows */
export const csvOf = (rows) => rows.map((row) => `${row.map(written).join(",")}\n`).join("");
