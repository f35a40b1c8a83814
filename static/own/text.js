// The text of a table's file, whatever it was written with.

const MARKS = [
  { mark: [0xff, 0xfe], encoding: "utf-16le" },
  { mark: [0xfe, 0xff], encoding: "utf-16be" },
];

/**
 * Text in UTF-8, in UTF-16 with a byte order mark, or else in Windows-1252; without the mark.
 *
 * @param {ArrayBuffer} buffer
 */
export function textOf(buffer) {
  const bytes = new Uint8Array(buffer);
  const marked = MARKS.find(({ mark }) => mark.every((byte, i) => bytes[i] === byte));
  try {
    return new TextDecoder(marked?.encoding ?? "utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
