// Addresses come from the server; where one is for any file, it stands there for file 0.

/**
 * The address for the file of this id.
 * @param {string} pattern
 * @param {number} id
 */
export const withId = (pattern, id) =>
  pattern
    .split("/")
    .map((segment) => (segment === "0" ? String(id) : segment))
    .join("/");

/**
 * What tells one receipt from another: the last part of its address.
 * @param {string | null | undefined} address
 * @returns {string}
 */
export const tokenOf = (address) => (address ?? "").split(/[?#]/)[0].split("/").filter(Boolean).at(-1) ?? "";
