// Values of a grid as the reader's language and zone write them. What cannot be written so without losing a digit stays
// exactly as PostgreSQL prints it.

const NUMBER = /^-?\d+(?:\.(\d+))?$/;
const DATE = /^([1-9]\d{3})-(\d\d)-(\d\d)$/;
const TIME = /^([1-9]\d{3})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?([+-]\d\d:\d\d)?$/;
/** Engines of 2023 allow no more. */
const MOST_PLACES = 20;
const MOST_PARTS_OF_A_SECOND = 3;

/** Older browsers round a number beyond 2^53, even as a string: there numbers stay exact. */
export const formatsExactly = new Intl.NumberFormat("en").format(/** @type {any} */ ("9007199254740993")) === "9,007,199,254,740,993";

/**
 * How a reader sees the values of a column.
 * @param {{ language: string | undefined, zone?: string }} reader `zone` by default that of the browser
 * @returns {(text: string, type: string) => string}
 */
export function readersFormat({ language, zone }) {
  /** @type {Map<string, Intl.NumberFormat | Intl.DateTimeFormat>} */
  const kept = new Map();

  /** @type {Intl.DateTimeFormatOptions} */
  const day = { year: "numeric", month: "short", day: "numeric", calendar: "gregory" };
  /** @type {Intl.DateTimeFormatOptions} */
  const time = { ...day, hour: "2-digit", minute: "2-digit", second: "2-digit" };

  /** @param {string} text */
  function number(text) {
    const found = NUMBER.exec(text);
    const places = found?.[1]?.length ?? 0;
    if (!found || !formatsExactly || places > MOST_PLACES) return text;
    // “min2”: 2024 is a year as often as a number, and 12,345 is none
    const options = { minimumFractionDigits: places, maximumFractionDigits: places, useGrouping: "min2" };
    return formatted(`n${places}`, () => new Intl.NumberFormat(language, /** @type {any} */ (options)), text);
  }

  /** @param {string} text */
  function date(text) {
    const found = DATE.exec(text);
    return found ? formatted("d", () => new Intl.DateTimeFormat(language, { ...day, timeZone: "UTC" }), Date.parse(`${text}T00:00:00Z`)) : text;
  }

  /**
   * A time without a zone is shown as it is, one with a zone in the reader's.
   * @param {string} text
   * @param {boolean} hasZone
   */
  function moment(text, hasZone) {
    const found = TIME.exec(text);
    const digits = found?.[7]?.replace(/0+$/, "").length ?? 0;
    if (!found || Boolean(found[8]) !== hasZone || digits > MOST_PARTS_OF_A_SECOND) return text;
    const value = Date.parse(`${text.replace(" ", "T")}${hasZone ? "" : "Z"}`);
    const parts = digits ? { fractionalSecondDigits: /** @type {1 | 2 | 3} */ (digits) } : {};
    const where = hasZone ? { timeZone: zone, timeZoneName: /** @type {const} */ ("short") } : { timeZone: "UTC" };
    return formatted(`t${hasZone}${digits}`, () => new Intl.DateTimeFormat(language, { ...time, ...parts, ...where }), value);
  }

  /**
   * @param {string} key
   * @param {() => Intl.NumberFormat | Intl.DateTimeFormat} make
   * @param {string | number} value
   */
  function formatted(key, make, value) {
    const format = kept.get(key) ?? make();
    kept.set(key, format);
    return Number.isNaN(value) ? String(value) : format.format(/** @type {any} */ (value));
  }

  return (text, type) => {
    switch (type) {
      case "bigint":
      case "numeric":
      case "double precision":
        return number(text);
      case "date":
        return date(text);
      case "timestamp":
        return moment(text, false);
      case "timestamp with time zone":
        return moment(text, true);
      default:
        return text;
    }
  };
}
