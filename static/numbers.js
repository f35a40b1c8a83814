// Numbers as people read them: few digits, a true minus sign, and no pretence where there is no number.

const GROUPS = new Intl.NumberFormat("en-US");

/** A number with about three digits that count; "—" where there is none yet. */
export function brief(value, digits = 3) {
  if (value === undefined || value === null) return "—";
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  let text;
  if (size === 0) text = "0";
  else if (size >= 10000 || size < 0.0005) text = size.toExponential(1).replace("e+", "e");
  else text = size.toFixed(Math.max(0, Math.min(digits, digits - 1 - Math.floor(Math.log10(size)))));
  return (value < 0 ? "−" : "") + text.replace("e-", "e−");
}

/** The same with a sign in any case. */
export const signed = (value) => (value > 0 ? "+" : "") + brief(value);

/** A number in full. */
export function full(value) {
  if (value === undefined || value === null || !Number.isFinite(value)) return brief(value);
  return String(Number(value.toPrecision(7))).replaceAll("-", "−");
}

/** A whole number with its thousands apart. */
export const count = (value) => GROUPS.format(value);

/** The next of 1, 1.5, 2, 3, 5, 7, 10, ... above a number: a round scale that seldom changes. */
export function roundScale(value) {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 1.5, 2, 3, 5, 7, 10].find((step) => value <= step * power * (1 + 1e-9));
}

/** A number with two decimals where that is enough, as beside bars. */
export const hundredths = (value) => (Number.isFinite(value) && Math.abs(value) < 100 ? value.toFixed(2).replace("-", "−") : brief(value));
