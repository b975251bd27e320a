import fc from "fast-check";

/** Characters that some shell, some runtime or Terraform reads as something else. */
const AWKWARD = [
  ..."'\"`$\\%!&|;<>(){}[]*?~#=,^@ \t-+/.:",
  ..."‘’‚‛“”„éß漢🙂\u00a0",
  ...["${", "%{", "$$", "\\\\", '\\"', "''", "--", "$(id)", "%PATH%", "!!", "\\'", '" ', "\\ "],
];

/** One value without NUL and newline. Terraform normalises every string to NFC, so it is that from the start. */
export const awkwardValue: fc.Arbitrary<string> = fc
  .array(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...AWKWARD) }, fc.string({ unit: "grapheme", maxLength: 3 })),
    {
      maxLength: 12,
    },
  )
  .map((parts) =>
    parts
      .join("")
      .replace(/\p{Cc}/gu, "")
      .normalize("NFC"),
  );

/** The values of several arguments. */
export const awkwardValues = fc.array(awkwardValue, { minLength: 1, maxLength: 5 });

/** What Terraform makes of text that it reads as a template without expressions. */
export function asTerraformReads(text: string): string {
  return text.replace(/([$%])\1\{/g, "$1{");
}

/** A list as Terraform reads it from an environment variable: as an expression, whose templates it evaluates. */
export function asHclLiteral(values: string[]): string {
  return JSON.stringify(values).replace(/([$%])\{/g, "$1$1{");
}
