// Provenance: which cells a cell was computed from, and which it flows into, by the index letters of a micro-step.

/** The operands of letters such as "a0:ik, W1:jk, b1:j -> z1:ij": {reads, writes}, each a list of {tensor, letters}. */
export function operands(text) {
  const [reads, writes] = text.split("->").map((side) =>
    side
      .split(",")
      .map((item) => item.trim())
      .filter(Boolean)
      .map((item) => {
        const [tensor, letters] = item.split(":");
        return { tensor, letters: [...letters.trim()] };
      }),
  );
  return { reads, writes };
}

/** The cells of another operand that belong to a cell of one: they agree in every letter that both have. An index with
 * null where any will do. */
export function agreeing(operand, index, other) {
  return other.letters.map((letter) => index[operand.letters.indexOf(letter)] ?? null);
}

/** A pattern in words, such as "a0[i=2, k=0..1]". */
export function spelled({ tensor, letters }, pattern, shape) {
  const parts = letters.map((letter, axis) => {
    const last = shape[axis] - 1;
    return `${letter}=${pattern[axis] ?? (last ? `0..${last}` : 0)}`;
  });
  return parts.length ? `${tensor}[${parts.join(", ")}]` : tensor;
}
