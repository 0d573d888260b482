import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/node_modules/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
    rules: {
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "func-style": ["error", "declaration", { allowArrowFunctions: true }],
      "no-implicit-coercion": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Text of others is shown by textContent." },
        { property: "outerHTML", message: "Text of others is shown by textContent." },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "Literal[value=/^\\u002f[a-z]/], TemplateElement[value.raw=/^\\u002f(api|admin|files|receipts|datasets)\\b/]",
          message: "Addresses come from the server, by data- attributes.",
        },
      ],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  { files: ["static/js/**"], languageOptions: { globals: globals.browser } },
  {
    files: ["tests/js/**"],
    languageOptions: { globals: { ...globals.node, localStorage: "readonly", location: "readonly" } },
    rules: { "no-restricted-syntax": "off" },
  },
];
