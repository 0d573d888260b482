// Numbers, sizes and times as people read them.

const whole = new Intl.NumberFormat("en-GB");
const oneDigit = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });
const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });
const absolute = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "medium" });

const SIZES = ["byte", "KB", "MB", "GB", "TB"];
/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const SPANS = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3_600], ["minute", 60]];

/** @param {number} number */
export const count = (number) => whole.format(number);

/**
 * @param {number} number
 * @param {string} word
 */
export const plural = (number, word) => `${count(number)} ${word}${number === 1 ? "" : "s"}`;

/** @param {number} number */
export function bytes(number) {
  let size = number;
  let unit = 0;
  while (size >= 1024 && unit < SIZES.length - 1) {
    size /= 1024;
    unit += 1;
  }
  if (unit === 0) return plural(size, SIZES[0]);
  return `${size < 100 ? oneDigit.format(size) : count(Math.round(size))} ${SIZES[unit]}`;
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 1.5) return "1 s";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return `${oneDigit.format(seconds / 3_600)} h`;
}

/**
 * @param {Date} date
 * @param {Date} [now]
 */
export function ago(date, now = new Date()) {
  const seconds = (date.getTime() - now.getTime()) / 1000;
  for (const [unit, length] of SPANS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit);
  }
  return seconds > -10 ? "just now" : relative.format(Math.round(seconds), "second");
}

/** @param {Date} date */
export const moment = (date) => absolute.format(date);

/**
 * @param {number} done
 * @param {number} total
 */
export const percent = (done, total) => `${Math.floor((100 * done) / Math.max(total, 1))} %`;
