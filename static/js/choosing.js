// Files meet options: they go with those that hold now, or wait in the list until these can be meant.

import { onLeaving } from "./focus-leaving.js";
import { saidOf } from "./given-options.js";
import { heldNotice } from "./held-notice.js";
import { removableChips } from "./option-chips.js";
import { OptionsForm } from "./options-form.js";
import { given, required } from "./page.js";

/** @typedef {import("./sending.js").Upload} Upload */

export class Choosing {
  /** What the server said of options that this page could not know to be wrong. */
  #refused = "";
  /** Whether this page opened the options, so that it may close them. */
  #isOpenedHere = false;
  #chips = required("given", HTMLElement);
  #details = required("options", HTMLDetailsElement);
  #input;
  #sending;
  #announce;

  /**
   * @param {object} options
   * @param {HTMLFormElement} options.form
   * @param {ReturnType<typeof import("./sending.js").sender>} options.sending
   * @param {HTMLInputElement} options.input where files are chosen
   * @param {(sentence: string) => void} options.announce
   */
  constructor({ form, sending, input, announce }) {
    this.#sending = sending;
    this.#input = input;
    this.#announce = announce;
    /** @type {import("./given-options.js").OptionTable} */
    this.table = JSON.parse(given(this.#chips, "options"));
    this.options = new OptionsForm(form, this.table);
    this.showChips = removableChips(required("given-chips", HTMLElement), (said) => this.#remove(said));
    this.showNotice = heldNotice({ onSend: () => this.#sendWithout(), onDrop: () => this.#drop() });
    this.#listen(form);
  }

  /** @param {HTMLFormElement} form */
  #listen(form) {
    required("given-clear", HTMLButtonElement).addEventListener("click", () => this.#removeAll());
    this.#details.addEventListener("toggle", () => this.#toggled());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.options.isRight) this.#release({ isClosing: true });
      else this.#point();
    });
    form.addEventListener("input", () => {
      this.#refused = "";
      this.render();
    });
    const hooks = { isDue: () => this.#isDue, onLeave: () => this.#release() };
    onLeaving(this.#details, required("held-buttons", HTMLElement), hooks);
    addEventListener("pageshow", () => this.render()); // a browser may have kept what was in the fields
  }

  /**
   * Files that were begun before go on with the options that they were begun with.
   * @param {File[]} files
   */
  choose(files) {
    const begun = files.filter(this.#sending.isBegun);
    const fresh = files.filter((file) => !begun.includes(file));
    if (begun.length > 0) this.#sending.add(begun, {});
    if (fresh.length === 0) return;
    this.#sending.hold(fresh);
    if (this.options.isRight) this.#release();
    else this.#point();
  }

  /**
   * Take back a file whose options the server could not use: it waits, with its options in the form.
   * @param {Upload} upload
   */
  change(upload) {
    this.options.fill(upload.metadata);
    this.#refused = upload.error;
    this.#open();
    this.#sending.holdAgain(upload);
    this.options.focus(this.saidOf(upload.metadata)[0]?.name ?? "");
  }

  /** @param {import("./given-options.js").Given} metadata */
  saidOf(metadata) {
    return saidOf(this.table, metadata);
  }

  render() {
    const wrong = this.options.wrongNames;
    const said = this.saidOf(this.options.given);
    const held = this.#sending.held().length;
    const isOpen = this.#details.open;
    this.showChips(isOpen ? [] : said, wrong); // no second control of that name beside the field
    this.#chips.hidden = isOpen || said.length === 0;
    const problem = held > 0 || !isOpen ? this.options.wrongSentence || this.#refused : "";
    this.showNotice({ problem, wrong: wrong.length, held, mayEnter: isOpen });
  }

  get #isDue() {
    return this.#sending.held().length > 0 && this.options.isRight;
  }

  /** Send what waits, once no option stands in its way; the next files begin without options. */
  #release({ isClosing = false } = {}) {
    if (!this.#isDue) return;
    const focus = document.activeElement;
    const metadata = this.options.given;
    this.#refused = "";
    this.options.resetAll();
    this.#sending.release(metadata);
    if (isClosing && this.#isOpenedHere) this.#details.open = false; // what was sent is below it
    this.render();
    if (focus instanceof HTMLElement && !focus.checkVisibility()) this.#input.focus();
  }

  #open() {
    this.#isOpenedHere ||= !this.#details.open;
    this.#details.open = true;
    this.render();
  }

  #point() {
    this.#open();
    this.options.point();
  }

  #toggled() {
    this.render();
    if (this.#details.open) return;
    this.#isOpenedHere = false;
    this.#release();
  }

  /** @param {import("./given-options.js").Said} said */
  #remove({ name, words }) {
    this.options.reset(name);
    this.#changed(`Removed: ${words}.`);
  }

  #removeAll() {
    this.options.resetAll();
    this.#changed("Removed every option.");
  }

  /** @param {string} news */
  #changed(news) {
    this.#announce(news);
    this.#refused = "";
    this.render();
    const next = this.#chips.hidden ? null : this.#chips.querySelector("button");
    (next ?? this.#input).focus();
    this.#release();
  }

  #sendWithout() {
    this.options.wrongNames.forEach((name) => this.options.reset(name));
    this.#release({ isClosing: true });
  }

  #drop() {
    for (const upload of this.#sending.held()) this.#sending.dismiss(upload);
    this.#refused = "";
    this.render();
    this.#input.focus();
  }
}
