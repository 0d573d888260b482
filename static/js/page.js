// Find the elements of a page, with the type that they must have; a page that lacks one is a fault of ours.

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function required(id, kind) {
  const found = optional(id, kind);
  if (found === null) throw new Error(`The page has no #${id}.`);
  return found;
}

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T | null}
 */
export function optional(id, kind) {
  const found = document.getElementById(id);
  return found instanceof kind ? found : null;
}

/**
 * The elements that a template marks by `data-slot`, by name.
 * @param {ParentNode} root
 * @returns {(name: string) => HTMLElement}
 */
export function slots(root) {
  /** @type {Map<string | undefined, HTMLElement>} */
  const found = new Map();
  for (const part of root.querySelectorAll("[data-slot]")) {
    if (part instanceof HTMLElement) found.set(part.dataset.slot, part);
  }
  return (name) => {
    const part = found.get(name);
    if (part === undefined) throw new Error(`The template has no slot “${name}”.`);
    return part;
  };
}

/**
 * What the server wrote into a `data-` attribute.
 * @param {HTMLElement} element
 * @param {string} name
 * @returns {string}
 */
export function given(element, name) {
  const value = element.dataset[name];
  if (value === undefined) throw new Error(`The page does not say data-${name}.`);
  return value;
}
