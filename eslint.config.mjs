import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "build/", "lib/programs/*.js", "reports/", "cdktf.out/", "fleet-tls/", ".terraform-mirror/"] },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  {
    files: ["**/*.cjs", "**/*.mjs", "**/*.js"],
    languageOptions: {
      globals: {
        require: "readonly",
        module: "writable",
        process: "readonly",
        __dirname: "readonly",
        Buffer: "readonly",
        console: "readonly",
      },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    files: ["test/**/*.ts"],
    ignores: ["test/support/javascript.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...[
          "TSAsExpression > TSAnyKeyword.typeAnnotation",
          "TSAsExpression > TSNeverKeyword.typeAnnotation",
          "TSAsExpression > TSAsExpression.expression",
        ].map((selector) => ({
          selector,
          message:
            "A test casts around no API. To pass a wrong type as JavaScript can, use test/support/javascript.ts.",
        })),
      ],
    },
  },
);
