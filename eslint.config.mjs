// The rules for our JavaScript: `npm run lint`.
const browser = Object.fromEntries(
  ["window", "document", "fetch", "performance", "ResizeObserver", "URL", "URLSearchParams", "Intl", "TextDecoder", "console"].map((n) => [n, "readonly"]),
);
const rules = {
  "no-undef": "error", "no-unused-vars": "error", "prefer-const": "error", "no-var": "error", eqeqeq: "error",
  "no-eval": "error", "no-implied-eval": "error", "no-new-func": "error", "no-shadow": "error", "no-redeclare": "error",
  "no-unreachable": "error", "no-fallthrough": "error", "no-loss-of-precision": "error", "use-isnan": "error",
  "no-restricted-properties": [
    "error",
    { property: "innerHTML", message: "Words are put in with textContent." },
    { property: "outerHTML", message: "Words are put in with textContent." },
    { property: "insertAdjacentHTML", message: "Words are put in with textContent." },
    { property: "write", object: "document", message: "Words are put in with textContent." },
  ],
  complexity: ["error", 16], "max-depth": ["error", 4], "max-lines-per-function": ["error", { max: 700, skipComments: true }],
};

export default [
  { ignores: ["geo/app/assets/vendor/**", "node_modules/**"] },
  {
    files: ["geo/app/assets/*.js", "geo/export/assets/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "script", globals: { ...browser, module: "readonly", require: "readonly", globalThis: "readonly" } },
    rules,
  },
  {
    files: ["tests/js/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "commonjs", globals: { require: "readonly", TextEncoder: "readonly", __dirname: "readonly" } },
    rules,
  },
  {
    files: ["tools/**/*.mjs"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: { process: "readonly", structuredClone: "readonly", Intl: "readonly" } },
    rules,
  },
];
