// Numbers as people read them: few digits, a true minus sign, and no pretence where there is no number.

const GROUPS = new Intl.NumberFormat("en-US");

/**
 * @typedef {number | null | undefined} Value A number, or what stands for one that has not been computed.
 * @param {Value} value
 * @returns {value is number}
 */
const isNumber = (value) => value !== undefined && value !== null && Number.isFinite(value);

/**
 * What stands where there is no number: "—" for what has not been computed, else what it has come to.
 *
 * @param {Value} value
 */
function instead(value) {
  if (value === undefined || value === null) return "—";
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "∞" : "−∞";
}

/**
 * A number with so many decimals; what rounds to zero has no sign.
 *
 * @param {number} value
 * @param {number} digits
 */
export function fixed(value, digits) {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** @param {string} text */
const minus = (text) => text.replaceAll("-", "−").replace("e+", "e");

/**
 * A number with two or three digits that count.
 *
 * @param {Value} value
 */
export function brief(value) {
  if (!isNumber(value)) return instead(value);
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 10000 || size < 0.001) return minus(value.toExponential(1));
  return minus(fixed(value, Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(size))))));
}

/**
 * A number with two decimals, as it fits into a circle or beside a bar.
 *
 * @param {Value} value
 */
export function hundredths(value) {
  if (!isNumber(value)) return instead(value);
  if (Number.isInteger(value) && Math.abs(value) < 1000) return minus(String(value));
  if (Math.abs(value) < 10) return minus(fixed(value, 2));
  return minus(Math.abs(value) < 1000 ? fixed(value, 0) : value.toExponential(0));
}

/**
 * The numbers of a list, all with as many decimals as it takes to compare them: none where all are whole, and never more
 * than `most`.
 *
 * @param {ArrayLike<Value> | Iterable<Value>} values
 * @param {number} [most]
 */
export function alike(values, most = 2) {
  const finite = Array.from(values).filter(isNumber);
  const largest = Math.max(0, ...finite.map(Math.abs));
  if (largest >= 1000) return Array.from(values, hundredths);
  const digits = finite.every(Number.isInteger) || largest >= 100 ? 0 : largest >= 10 ? 1 : 2;
  return Array.from(values, (value) =>
    isNumber(value) ? minus(fixed(value, Math.min(digits, most))) : instead(value),
  );
}

/**
 * A round scale, exactly.
 *
 * @param {number} value
 */
export const scale = (value) =>
  minus(value >= 10000 || value < 0.001 ? value.toExponential() : String(Number(value.toPrecision(2))));

/**
 * The same with a sign in any case.
 *
 * @param {Value} value
 * @returns {string}
 */
export const signed = (value) => ((value ?? 0) > 0 ? "+" : "") + brief(value);

/** @param {number} value */
const isCount = (value) => Number.isSafeInteger(value) && value >= 1e7;

/**
 * A number in full, as far as float32 goes; a count is whole.
 *
 * @param {Value} value
 */
export function full(value) {
  if (!isNumber(value)) return instead(value);
  return minus(String(isCount(value) ? value : Number(value.toPrecision(7))));
}

/**
 * A number in as few digits as it takes to read back the very same bits, as a float32 if it is one; a count is whole.
 *
 * @param {number} value
 */
export function shortest(value) {
  if (Number.isSafeInteger(value) || Math.fround(value) !== value) return String(value);
  const texts = [6, 7, 8, 9].map((digits) => String(Number(value.toPrecision(digits))));
  return texts.find((text) => Math.fround(Number(text)) === value) ?? texts[3];
}

/**
 * The same for people.
 *
 * @param {Value} value
 */
export const exact = (value) => (isNumber(value) ? minus(shortest(value)) : instead(value));

/**
 * A number with so many digits.
 *
 * @param {Value} value
 * @param {number} digits
 */
export const precise = (value, digits) => (isNumber(value) ? minus(value.toPrecision(digits)) : instead(value));

/**
 * A whole number with its thousands apart.
 *
 * @param {number} value
 */
export const count = (value) => GROUPS.format(value);

/**
 * The next of 1, 1.5, 2, 3, 5, 7, 10, ... above a number: a round scale that seldom changes.
 *
 * @param {number} value
 */
export function roundScale(value) {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const power = Math.floor(Math.log10(value));
  return Number(`${[1, 1.5, 2, 3, 5, 7, 10].find((step) => value <= step * 10 ** power * (1 + 1e-9))}e${power}`);
}
