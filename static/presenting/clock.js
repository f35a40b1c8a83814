// How long something has lasted, as a clock shows it.

const two = (/** @type {number} */ number) => String(number).padStart(2, "0");

/**
 * Minutes and seconds, such as "04:09", with hours where there are some.
 *
 * @param {number} milliseconds
 */
export function lasted(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours ? `${hours}:` : ""}${two(minutes)}:${two(seconds % 60)}`;
}
