import * as fs from "node:fs";
import * as path from "node:path";

import * as ts from "typescript";

const ROOT = path.join(__dirname, "..");

/** The entry points, each of which has an example in its docstring. */
const ENTRY_POINTS = [
  "Agent",
  "CertificateAuthoritySource",
  "Elasticsearch",
  "ExternalFleetTls",
  "FleetServer",
  "KeyPassphrase",
  "Kibana",
  "MutualFleetTls",
  "OneWayFleetTls",
  "ServiceToken",
  "Validity",
];

/** What a snippet may use of cdktf without importing it. */
const CDKTF = ["App", "PgBackend", "S3Backend", "TerraformOutput", "TerraformStack", "TerraformVariable"];

/** What a snippet may use without declaring it. */
const AMBIENT = `
declare const app: App;
declare const stack: TerraformStack;
declare const branchStack: TerraformStack;
declare class FleetStack extends TerraformStack {}
declare const fleet: MutualFleetTls;
declare const props: MutualFleetTlsProps;
declare const proxyAuthorization: TerraformVariable;
declare const proxyCa: TerraformVariable;
declare const kmsKeyId: string;
`;

interface Snippet {
  /** Where it is, such as `docs/rotation.md:37`. */
  readonly place: string;
  readonly code: string;
}

function markdownSnippets(file: string): Snippet[] {
  const text = fs.readFileSync(path.join(ROOT, file), "utf8");
  return [...text.matchAll(/^( *)```ts\n([\s\S]*?)^ *```$/gm)].map(({ index, 1: indent, 2: code }) => ({
    place: `${file}:${text.slice(0, index).split("\n").length}`,
    code: code!.replaceAll(new RegExp(`^${indent!}`, "gm"), ""),
  }));
}

/** The examples of a file's docstrings, by the name of what they document. */
function examples(file: string): Map<string, Snippet> {
  const source = ts.createSourceFile(
    file,
    fs.readFileSync(path.join(ROOT, file), "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
  const found = new Map<string, Snippet>();
  for (const statement of source.statements) {
    if (!ts.isClassDeclaration(statement) && !ts.isInterfaceDeclaration(statement)) continue;
    const tag = ts.getJSDocTags(statement).find(({ tagName }) => tagName.text === "example");
    if (tag !== undefined) {
      const place = `${file}:${source.getLineAndCharacterOfPosition(tag.pos).line + 1}`;
      found.set(statement.name!.text, { place, code: ts.getTextOfJSDocComment(tag.comment)! });
    }
  }
  return found;
}

/** A snippet as a module: a list of properties becomes an object, and what is exported is imported. */
function moduleOf({ code }: Snippet, exported: ReadonlyMap<string, string>): string {
  const imports = [...code.matchAll(/^import[\s\S]*?;$/gm)].map(([text]) => text).join("\n");
  const body = code.replace(/^import[\s\S]*?;$/gm, "");
  const text = /^\w+: /.test(body.trimStart())
    ? `const given: Partial<MutualFleetTlsProps & RotatingCertificateAuthorityOptions> = {\n${body}\n};`
    : body;
  const used = [...exported].filter(
    ([name]) => new RegExp(`\\b${name}\\b`).test(text + AMBIENT) && !new RegExp(`\\b${name}\\b`).test(imports),
  );
  return [
    imports,
    ...used.map(([name, from]) => `import { ${name} } from "${from}";`),
    AMBIENT,
    `export function snippet(this: TerraformStack): void {\n${text}\n}`,
  ].join("\n");
}

/** What the compiler says of the snippets, each at the place where it is written. */
function complaints(snippets: readonly Snippet[]): string[] {
  const { config } = ts.readConfigFile(path.join(ROOT, "tsconfig.json"), (name) => ts.sys.readFile(name));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  options.noUnusedLocals = false;
  options.paths = { "cdktf-fleet-tls": [path.join(ROOT, "lib/index.ts")] };
  const host = ts.createCompilerHost(options);
  const exported = new Map([
    ...CDKTF.map((name) => [name, "cdktf"] as const),
    ...exportsOf(path.join(ROOT, "lib/index.ts"), options, host).map((name) => [name, "cdktf-fleet-tls"] as const),
  ]);
  const modules = new Map(
    snippets.map((snippet, index) => [
      path.join(ROOT, `snippet-${index}.ts`),
      { snippet, text: moduleOf(snippet, exported) },
    ]),
  );
  const { fileExists, readFile } = host;
  const getSourceFile = host.getSourceFile.bind(host);
  host.fileExists = (name) => modules.has(name) || fileExists(name);
  host.readFile = (name) => modules.get(name)?.text ?? readFile(name);
  host.getSourceFile = (name, version) =>
    modules.has(name) ? ts.createSourceFile(name, modules.get(name)!.text, version) : getSourceFile(name, version);
  const program = ts.createProgram([...modules.keys()], options, host);
  return [...modules].flatMap(([name, { snippet }]) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(name))
      .map(({ messageText }) => `${snippet.place}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`),
  );
}

function exportsOf(file: string, options: ts.CompilerOptions, host: ts.CompilerHost): string[] {
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  return checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)!)!).map(({ name }) => name);
}

const library = fs
  .readdirSync(path.join(ROOT, "lib"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => path.posix.join("lib", name.replaceAll(path.sep, "/")));
const documented = new Map(library.flatMap((file) => [...examples(file)]));

test("every entry point has an example", () => {
  expect(ENTRY_POINTS.filter((name) => !documented.has(name))).toEqual([]);
});

test("the code of the docs and of every example compiles", () => {
  const pages = fs.readdirSync(path.join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  const snippets = [
    ...["README.md", ...pages.map((name) => `docs/${name}`)].flatMap(markdownSnippets),
    ...documented.values(),
  ];

  expect(snippets.length).toBeGreaterThan(15);
  expect(complaints(snippets)).toEqual([]);
});
