import * as fs from "node:fs";
import * as path from "node:path";

import * as ts from "typescript";

import { FLAGS } from "../../lib/command/data/flags";

const LIB = path.join(__dirname, "..", "..", "lib");

/** Where hosts and fleets take their options from. */
const STRUCTS: readonly (readonly [file: string, name: string])[] = [
  ["fleet/fleet-tls-props", "FleetTlsProps"],
  ["fleet/mutual-fleet-tls-props", "MutualFleetTlsProps"],
  ["host/host-options", "HostOptions"],
  ["host/install-options", "InstallOptions"],
  ["host/fleet-server-options", "FleetServerOptions"],
  ["host/agent", "AgentOptions"],
];

interface Documented {
  readonly prop: string;
  readonly text: string;
  readonly hasDefault: boolean;
}

/** The props of an interface with what their docstrings say. */
function documented(file: string, name: string): Documented[] {
  const text = fs.readFileSync(path.join(LIB, `${file}.ts`), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const struct = source.statements.filter(ts.isInterfaceDeclaration).find((node) => node.name.text === name);
  return struct!.members.filter(ts.isPropertySignature).map((member) => {
    const [doc] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
    return {
      prop: member.name.getText(),
      text: ts.getTextOfJSDocComment(doc?.comment)?.replace(/\s+/g, " ") ?? "",
      hasDefault: !member.questionToken || (doc?.tags?.some((tag) => tag.tagName.text === "default") ?? false),
    };
  });
}

/** The versions that a docstring names for a flag: `Since 8.13`, `Since 8.19 on 8.x, since 9.1 on 9.x`. */
const sinceOf = (text: string): string[] =>
  [...text.matchAll(/[Ss]ince ([0-9.]+[0-9])/g)].map(([, version]) => version!);

const BY_FLAG = documented("host/install-flags", "InstallFlags");
const BY_HOST = STRUCTS.flatMap(([file, name]) => documented(file, name));

test("every flag is a documented prop, and no other one is", () => {
  expect(BY_FLAG.map(({ prop }) => prop).sort()).toEqual(FLAGS.map(({ prop }) => prop as string).sort());
});

test.each(FLAGS.map((flag) => [flag.name, flag] as const))(
  "%s says what it does, since when, and its default",
  (_, flag) => {
    const { text, hasDefault } = BY_FLAG.find(({ prop }) => prop === flag.prop)!;
    expect(text).toMatch(new RegExp(`^\`${flag.name}\`(?:, (?:once for each|of \`install\`[^:]*))?: \\S`));
    expect(hasDefault).toBe(true);
    expect(sinceOf(text)).toEqual(flag.since ?? []);
  },
);

// Hosts have no option for the insecure flags.
test.each(FLAGS.filter(({ name }) => !name.includes("insecure")).map((flag) => [flag.name, flag] as const))(
  "%s is a documented prop of what it belongs to",
  (_, flag) => {
    const emitted = new RegExp(`Emitted as[^.]*\`${flag.name}\``);
    const found = BY_HOST.filter(({ text }) => emitted.test(text));
    expect(found.length).toBeGreaterThan(0);
    for (const { text, hasDefault } of found) {
      expect(hasDefault).toBe(true);
      // A prop that becomes several flags tells of each.
      const isNew = FLAGS.some(({ name, since }) => since !== undefined && text.includes(`\`${name}\``));
      expect(sinceOf(text)).toEqual(expect.arrayContaining([...(flag.since ?? [])]));
      expect(sinceOf(text).length > 0).toBe(isNew);
    }
  },
);
