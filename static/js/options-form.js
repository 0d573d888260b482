// The options of the upload page as fields: what they say, which of them cannot be meant, and back to how they were.

/**
 * @typedef {import("./given-options.js").Given} Given
 * @typedef {HTMLInputElement | HTMLSelectElement} Field
 */

export class OptionsForm {
  /** @type {Map<string, Field>} */
  #fields = new Map();
  #table;

  /**
   * @param {HTMLFormElement} form
   * @param {import("./given-options.js").OptionTable} table
   */
  constructor(form, table) {
    this.#table = table;
    for (const name of Object.keys(table)) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) this.#fields.set(name, field);
    }
    form.noValidate = true; // what is wrong is said here, not in a bubble that goes away
    form.addEventListener("change", ({ target }) => this.#show(this.#nameOf(target)));
    form.addEventListener("input", ({ target }) => {
      const name = this.#nameOf(target);
      if (!this.#problemOf(name)) this.#show(name); // nobody is told off while still writing
    });
  }

  /** @returns {Given} what every field says, as it goes with a file */
  get given() {
    return Object.fromEntries([...this.#fields].map(([name, field]) => [name, valueOf(field)]));
  }

  get wrongNames() {
    return [...this.#fields.keys()].filter((name) => this.#problemOf(name));
  }

  get isRight() {
    return this.wrongNames.length === 0;
  }

  /** What is wrong with the first that is, for where its field is not seen. */
  get wrongSentence() {
    const [name] = this.wrongNames;
    return name === undefined ? "" : this.#table[name].wrong_above;
  }

  /** @param {string} name */
  reset(name) {
    this.#write(name, this.#table[name].default);
  }

  resetAll() {
    for (const name of this.#fields.keys()) this.reset(name);
  }

  /** @param {Given} given */
  fill(given) {
    for (const name of this.#fields.keys()) this.#write(name, given[name] ?? this.#table[name].default);
  }

  /** Mark every field that is wrong, and take the person to the first one. */
  point() {
    const names = this.wrongNames;
    for (const name of names) this.#show(name);
    this.focus(names[0]);
  }

  /** @param {string} name */
  focus(name) {
    this.#fields.get(name)?.focus();
  }

  /** @param {EventTarget | null} target */
  #nameOf(target) {
    return [...this.#fields].find(([, field]) => field === target)?.[0] ?? "";
  }

  /** @param {string} name */
  #problemOf(name) {
    return this.#fields.get(name)?.validity.valid === false ? this.#table[name].wrong : "";
  }

  /** @param {string} name */
  #show(name) {
    const field = this.#fields.get(name);
    if (field) writeProblem(field, this.#problemOf(name));
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  #write(name, value) {
    const field = this.#fields.get(name);
    if (field === undefined) return;
    if (isBox(field)) field.checked = value === "true";
    else field.value = value;
    this.#show(name);
  }
}

/**
 * @param {Field} field
 * @returns {field is HTMLInputElement}
 */
const isBox = (field) => field instanceof HTMLInputElement && field.type === "checkbox";

/**
 * @param {Field} field
 * @returns {string} blank where only spaces were typed
 */
function valueOf(field) {
  if (isBox(field)) return field.checked ? "true" : "";
  return field instanceof HTMLInputElement && field.value.trim() === "" ? "" : field.value;
}

/**
 * Say beside a field what is wrong with it; an empty sentence takes that back.
 * @param {Field} field
 * @param {string} sentence
 */
function writeProblem(field, sentence) {
  const id = `${field.id}-wrong`;
  let line = document.getElementById(id);
  if (line === null && sentence === "") return;
  if (line === null) {
    line = document.createElement("span");
    line.id = id;
    line.className = "field-error";
    field.after(line);
  }
  line.textContent = sentence;
  line.hidden = sentence === "";
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one !== id);
  field.setAttribute("aria-describedby", [...(sentence ? [id] : []), ...others].join(" ").trim());
  field.setAttribute("aria-invalid", String(sentence !== ""));
  field.closest(".field")?.classList.toggle("wrong", sentence !== "");
}
