// Whole numbers as text that an address may hold: five bits a character, the low ones first, in the letters of base64url.

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const [BITS, MORE] = [5, 32]; // of a character; and what is added where another one follows

/**
 * Numbers from 0 as text.
 *
 * @param {Iterable<number>} numbers
 */
export function written(numbers) {
  let text = "";
  for (const number of numbers) {
    let left = number;
    for (; left >= MORE; left = Math.floor(left / MORE)) text += LETTERS[(left % MORE) + MORE];
    text += LETTERS[left];
  }
  return text;
}

/**
 * The numbers of a text. Throws where it is none that `written` makes.
 *
 * @param {string} text
 */
export function numbersOf(text) {
  const numbers = [];
  let [number, shift] = [0, 0];
  for (const letter of text) {
    const digit = LETTERS.indexOf(letter);
    if (digit < 0 || shift > 4 * BITS) throw new Error(`no number: '${text}'`);
    number += (digit % MORE) * 2 ** shift;
    shift += BITS;
    if (digit >= MORE) continue;
    numbers.push(number);
    [number, shift] = [0, 0];
  }
  if (shift) throw new Error(`a number has no end: '${text}'`);
  return numbers;
}

/**
 * A whole number of either sign as one from 0, small where it is near 0.
 *
 * @param {number} number
 */
export const unsigned = (number) => (number < 0 ? -2 * number - 1 : 2 * number);

/**
 * The number that `unsigned` was made of.
 *
 * @param {number} number
 */
export const signed = (number) => (number % 2 ? -(number + 1) / 2 : number / 2);
