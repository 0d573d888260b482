// The form that filters rows: only what fits the chosen column is offered, and a date gets the browser's calendar.

const SEVERAL = ["in"];
const WITHOUT_VALUE = ["blank", "filled"];

/**
 * What the fields for the values look like.
 * @param {string} kind of the column: text, number, date, moment or boolean
 * @param {string} operator as the form sends it
 */
export function fieldsFor(kind, operator) {
  const one = !SEVERAL.includes(operator);
  return {
    hasValue: !WITHOUT_VALUE.includes(operator),
    hasSecond: operator === "range",
    type: one && kind === "date" ? "date" : one && kind === "moment" ? "datetime-local" : "text",
    inputMode: one && kind === "number" ? "decimal" : "text",
    placeholder: !one ? "a,b,c" : kind === "boolean" ? "true or false" : "Value",
  };
}

/**
 * Which of the groups of operators a column of this kind has.
 * @param {string} kind
 * @param {string[]} groups the kinds of each, with spaces between
 */
export function fitting(kind, groups) {
  return groups.map((kinds) => kinds.split(" ").includes(kind));
}

/** @param {HTMLFormElement} form */
export function watchFilter(form) {
  const column = field(form, "column", HTMLSelectElement);
  const operator = field(form, "operator", HTMLSelectElement);
  const value = field(form, "value", HTMLInputElement);
  const upto = field(form, "upto", HTMLInputElement);
  const groups = [...operator.querySelectorAll("optgroup")];

  function showValues() {
    const kind = kindOf(column);
    const shown = fieldsFor(kind, operator.value);
    for (const input of [value, upto]) {
      if (input.type !== shown.type) {
        const before = input.value;
        input.type = shown.type;
        input.value = before;
      }
      input.inputMode = shown.inputMode;
      input.step = "any";
    }
    value.placeholder = shown.placeholder;
    upto.placeholder = "";
    hide(value, !shown.hasValue);
    hide(upto, !shown.hasSecond);
  }

  function showOperators() {
    const before = operator.value;
    const fits = fitting(kindOf(column), groups.map((group) => group.dataset.kinds ?? ""));
    operator.replaceChildren(...groups.filter((_, index) => fits[index]));
    operator.value = before;
    if (operator.selectedIndex < 0) operator.selectedIndex = 0;
    showValues();
  }

  column.addEventListener("change", showOperators);
  operator.addEventListener("change", showValues);
  window.addEventListener("pageshow", showOperators);
  const chosen = operator.dataset.chosen;
  showOperators();
  if (!chosen) operator.selectedIndex = 0;
  showValues();
}

/**
 * @param {HTMLInputElement} input
 * @param {boolean} isHidden
 */
function hide(input, isHidden) {
  input.disabled = isHidden;
  const label = input.closest("label");
  if (label) label.hidden = isHidden;
}

/** @param {HTMLSelectElement} column */
function kindOf(column) {
  return column.selectedOptions[0]?.dataset.kind ?? "";
}

/**
 * @template {HTMLElement} T
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {new () => T} kind
 * @returns {T}
 */
function field(form, name, kind) {
  const found = form.elements.namedItem(name);
  if (!(found instanceof kind)) throw new Error(`The form has no field “${name}”.`);
  return found;
}
