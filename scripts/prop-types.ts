import * as fs from "node:fs";
import * as path from "node:path";

import * as ts from "typescript";

const LIB = path.join(__dirname, "..", "lib");
const PROP_TYPES = path.join(LIB, "private", "prop-types.ts");

const HEAD = `// Generated from the interfaces of lib by scripts/prop-types.ts (npm run docs). Do not edit.

/**
 * Types of the props of every public struct, for calls from JavaScript. An element of a list ends in \`[]\`, a value of a
 * map in \`{}\`, an optional prop in \`?\`.
 */
`;

const PRIMITIVES = ["string", "number", "boolean"];

/** Props of the public interfaces, and values and methods of the public classes, as lib has them now. */
export function propTypes(): Record<"structs" | "classes" | "interfaces" | "methods", object> {
  const declarations = publicFiles().flatMap((file) => [...parse(file).statements]);
  const interfaces = new Map(declarations.filter(ts.isInterfaceDeclaration).map((node) => [node.name.text, node]));
  const classes = new Map(
    declarations.filter(ts.isClassDeclaration).flatMap((node) => (node.name ? [[node.name.text, node] as const] : [])),
  );
  const isStruct = (name: string) => interfaces.has(name) && !/^I[A-Z]/.test(name);
  const structs: { [name: string]: { extends?: string[]; props: { [prop: string]: string } } } = {};
  const values: { [name: string]: string[] } = {};

  const implemented: { [name: string]: string[] } = { IConstruct: ["node"] };
  const addInterface = (name: string): void => {
    const node = interfaces.get(name);
    if (implemented[name] !== undefined || node === undefined) {
      return;
    }
    const parents = node.heritageClauses?.[0]?.types.map(({ expression }) => expression.getText()) ?? [];
    parents.forEach(addInterface);
    implemented[name] = [
      ...parents.flatMap((parent) => implemented[parent] ?? []),
      ...node.members.filter(isRequired).map((member) => member.name?.getText() as string),
    ];
  };

  const typeOf = (node: ts.TypeNode | undefined): string => {
    const text = node?.getText() ?? "";
    const map = /^\{ \[\w+: string\]: (.*) \}$/.exec(text)?.[1];
    const name = (map ?? text).replace(/^readonly /, "").replace(/\[\]$/, "");
    if (isStruct(name)) {
      addStruct(name);
    } else if (classes.has(name)) {
      values[name] = factoriesOf(name, classes.get(name) as ts.ClassDeclaration);
    }
    const isInterface = interfaces.has(name) && !isStruct(name);
    if (isInterface) {
      addInterface(name);
    }
    const isKnown = PRIMITIVES.includes(name) || isInterface || isStruct(name) || classes.has(name);
    const shown = isKnown ? name : /^I?Construct$/.test(name) ? "IConstruct" : "object";
    return `${shown}${text.endsWith("[]") ? "[]" : ""}${map === undefined ? "" : "{}"}`;
  };
  const addStruct = (name: string): void => {
    const node = interfaces.get(name);
    if (structs[name] !== undefined || node === undefined) {
      return;
    }
    const parents = node.heritageClauses?.[0]?.types.map((type) => type.expression.getText()) ?? [];
    const struct = { ...(parents.length > 0 && { extends: parents }), props: {} as { [prop: string]: string } };
    structs[name] = struct;
    parents.forEach(addStruct);
    for (const member of node.members.filter(ts.isPropertySignature)) {
      struct.props[member.name.getText()] = `${typeOf(member.type)}${member.questionToken ? "?" : ""}`;
    }
  };
  [...interfaces.keys()].filter((name) => /(?:Props|Options)$/.test(name) && isStruct(name)).forEach(addStruct);

  const methods: { [signature: string]: { [parameter: string]: string } } = {};
  for (const [name, node] of classes) {
    for (const member of node.members) {
      if ((ts.isMethodDeclaration(member) || ts.isConstructorDeclaration(member)) && isPublic(member)) {
        const method = ts.isMethodDeclaration(member) ? `${name}.${member.name.getText()}` : name;
        const types = member.parameters.map((parameter) => {
          const isOptional = parameter.questionToken !== undefined || parameter.initializer !== undefined;
          const text = parameter.type === undefined ? literalType(parameter.initializer) : typeOf(parameter.type);
          return [parameter.name.getText(), `${text}${isOptional ? "?" : ""}`] as const;
        });
        if (types.length > 0) {
          methods[method] = Object.fromEntries(types);
        }
      }
    }
  }

  return { structs, classes: values, interfaces: implemented, methods };
}

/** Members that every implementation has: neither optional nor possibly undefined. */
function isRequired(member: ts.TypeElement): boolean {
  const type = ts.isPropertySignature(member) ? (member.type?.getText() ?? "") : "";
  return member.questionToken === undefined && !/\bundefined\b/.test(type);
}

function isPublic(member: ts.MethodDeclaration | ts.ConstructorDeclaration): boolean {
  const modifiers = ts.getModifiers(member) ?? [];
  // Subclasses of users call a protected constructor.
  const hidden = [ts.SyntaxKind.PrivateKeyword, ...(member.name === undefined ? [] : [ts.SyntaxKind.ProtectedKeyword])];
  return !modifiers.some(({ kind }) => hidden.includes(kind)) && !(member.name?.getText() ?? "").startsWith("_");
}

/** The type of a parameter that has a default and no type of its own. */
function literalType(initializer: ts.Expression | undefined): string {
  const text = initializer?.getText() ?? "";
  return /^(true|false)$/.test(text) ? "boolean" : /^["'`]/.test(text) ? "string" : "number";
}

async function write(): Promise<void> {
  const { structs, classes, interfaces, methods } = propTypes();
  const text =
    `${HEAD}export const STRUCTS: { readonly [struct: string]: StructTypes } = ${JSON.stringify(structs)};\n\n` +
    `/** How values of each public class are written. */\n` +
    `export const CLASSES: { readonly [name: string]: readonly string[] } = ${JSON.stringify(classes)};\n\n` +
    "/** Members that every implementation of an interface has. */\n" +
    `export const INTERFACES: { readonly [name: string]: readonly string[] } = ${JSON.stringify(interfaces)};\n\n` +
    "/** Types of the parameters of every public constructor and method. */\n" +
    "export const METHODS: { readonly [method: string]: { readonly [parameter: string]: string } } = " +
    `${JSON.stringify(methods)};\n\n` +
    "export interface StructTypes {\n  readonly extends?: readonly string[];\n  readonly props: { readonly [prop: string]: string };\n}\n";
  // Not at the top: Jest cannot load it.
  const prettier = await import("prettier");
  const options = await prettier.resolveConfig(PROP_TYPES);
  fs.writeFileSync(PROP_TYPES, await prettier.format(text, { ...options, parser: "typescript" }));
}

function publicFiles(): string[] {
  return [...fs.readFileSync(path.join(LIB, "index.ts"), "utf8").matchAll(/from "(.*)"/g)].map(
    ([, file]) => `${path.join(LIB, file as string)}.ts`,
  );
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
}

/** Public static members, which are how a user writes a value of the class; `new …` if it has none. */
function factoriesOf(name: string, node: ts.ClassDeclaration): string[] {
  const members = node.members.filter((member) => {
    const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
    const isPublicStatic = [ts.SyntaxKind.StaticKeyword, ts.SyntaxKind.PublicKeyword].every((kind) =>
      modifiers.some((modifier) => modifier.kind === kind),
    );
    return isPublicStatic && !member.name?.getText().startsWith("_");
  });
  return members.length === 0
    ? [`new ${name}(…)`]
    : members.map((member) => `${name}.${member.name?.getText()}${ts.isMethodDeclaration(member) ? "(…)" : ""}`);
}

if (require.main === module) {
  void write();
}
