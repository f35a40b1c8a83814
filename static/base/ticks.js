// Ticks: round numbers along an axis, with as many digits as tell them apart.

const [FEW, MANY] = [1e-3, 1e5]; // between these, numbers are written without a power of ten

/**
 * About `count` round numbers from low to high, as [number, text].
 *
 * @param {number} low
 * @param {number} high
 * @param {number} count
 * @returns {[number: number, text: string][]}
 */
export function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((each) => each * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const numbers = Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
  const most = Math.max(Math.abs(low), Math.abs(high));
  const order = Math.floor(Math.log10(step) + 1e-9);
  const plain = most >= FEW && most < MANY;
  /** @param {number} number */
  const write = (number) => (plain ? number.toFixed(Math.max(0, -order)) : powered(number, order));
  return numbers.map((number) => [number, number === 0 ? "0" : write(number).replaceAll("-", "−")]);
}

/**
 * @param {number} number
 * @param {number} order
 */
function powered(number, order) {
  const digits = Math.max(0, Math.floor(Math.log10(Math.abs(number)) + 1e-9) - order);
  return number.toExponential(digits).replace("e+", "e");
}
