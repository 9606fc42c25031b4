/** The longest time that a timer takes, in milliseconds. */
export const MAX_TIMER_MS = 0x7fff_ffff;

/**
 * Answer a whole number of an option.
 *
 * @throws RangeError when it is none from `min` to `max`.
 */
export function wholeNumber(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}
