import * as fs from "node:fs";
import * as path from "node:path";

import * as ts from "typescript";

import { Testing } from "cdktf";

import { OneWayFleetTls } from "../../lib";
import { FLAGS } from "../../lib/command/data/flags";
import { propTypesOf } from "../../lib/private/check-props";
import { withStack } from "../support/apps";
import { fleetProps } from "../support/fleets";

const LIB = path.join(__dirname, "..", "..", "lib");

/** Interfaces of flags, which the options of hosts extend. */
const FLAG_STRUCTS: readonly (readonly [file: string, name: string])[] = [
  ["host/install-flags", "InstallFlags"],
  ["host/shared-flags", "SharedFlags"],
  ["host/shared-flags", "AgentFlags"],
  ["host/shared-flags", "FleetServerFlags"],
  ["host/shared-flags", "PromptFlags"],
];

/** Options of hosts and fleets. */
const STRUCTS: readonly (readonly [file: string, name: string])[] = [
  ["fleet/fleet-tls-props", "FleetTlsProps"],
  ["fleet/mutual-fleet-tls-props", "MutualFleetTlsProps"],
  ["host/host-options", "HostOptions"],
  ["host/install-options", "InstallOptions"],
  ["host/fleet-server-options", "FleetServerOptions"],
  ["host/agent-options", "AgentOptions"],
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

const BY_FLAG = FLAG_STRUCTS.flatMap(([file, name]) => documented(file, name));
const BY_HOST = STRUCTS.flatMap(([file, name]) => documented(file, name));

test("every flag is a documented prop, once, and no other one is", () => {
  expect(BY_FLAG.map(({ prop }) => prop).sort()).toEqual(FLAGS.map(({ prop }) => prop as string).sort());
});

test.each(FLAGS.map((flag) => [flag.name, flag] as const))(
  "the docstring of %s has the flag, its first version and its default",
  (name, flag) => {
    const { text, hasDefault } = BY_FLAG.find(({ prop }) => prop === flag.prop)!;
    expect(text).toMatch(new RegExp(`^[A-Z].*[.] Emitted as \`${name}\`[,;.]`));
    expect(text.includes("Of `install` only.")).toBe(flag.installOnly === true);
    expect(hasDefault).toBe(true);
    // Some say more: an option of the flag that is younger than the flag.
    expect(sinceOf(text)).toEqual(expect.arrayContaining([...(flag.since ?? [])]));
    expect(sinceOf(text).length > 0).toBe(flag.since !== undefined);
  },
);

// The CAs and URLs are the fleet's, and hosts have no option for the insecure flags.
const OF_FLEETS = ["url", "fleetServerEs", "fleetServerPolicy"];

test.each(FLAGS.map((flag) => [flag.prop, flag] as const))("%s has one docstring and one type", (prop, flag) => {
  const isRepeated = BY_HOST.some((each) => each.prop === prop);
  expect(isRepeated).toBe(prop === "fleetServerPolicy");
  // Another prop that becomes the flag has another type or belongs to the fleet.
  for (const other of BY_HOST.filter(({ text }) => new RegExp(`Emitted as[^.]*\`${flag.name}\``).test(text))) {
    expect(OF_FLEETS.includes(prop) || other.prop !== prop).toBe(true);
    expect(other.hasDefault).toBe(true);
    // A prop that becomes several flags names the version of each.
    expect(sinceOf(other.text)).toEqual(expect.arrayContaining([...(flag.since ?? [])]));
  }
});

test.each([
  ["AgentProps", ["SharedFlags", "PromptFlags", "AgentFlags"]],
  ["FleetServerProps", ["SharedFlags", "PromptFlags", "FleetServerFlags"]],
])("%s has every flag of its interfaces", (struct, interfaces) => {
  const props = Object.keys(propTypesOf(struct));
  for (const name of interfaces) {
    expect(props).toEqual(expect.arrayContaining(Object.keys(propTypesOf(name))));
  }
});

test("a host's props become the flags of the same names, and nothing else does", () => {
  withStack((stack) => {
    const props = {
      ...{ tags: ["a"], agentId: "web", basePath: "/srv", force: true, headers: { a: "1" }, proxyDisabled: true },
      ...{ unprivileged: true, group: "fleet", staging: "12345678", daemonTimeout: "9s" },
      ...{ installServers: true, delayEnroll: true, caSha256: ["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="] },
      // Not a prop of an agent.
      ...{ insecure: true },
    };
    new OneWayFleetTls(stack, "fleet", fleetProps()).addAgent("web-1", props);
    const local = JSON.stringify(Testing.synth(stack));
    for (const part of ["--tag=a", "--id=web", "--base-path=/srv", "--force", "--header=a=1", "--proxy-disabled"]) {
      expect(local).toContain(part);
    }
    for (const part of ["--staging=12345678", "--daemon-timeout=9s", "--ca-sha256=47DE"]) {
      expect(local).toContain(part);
    }
    for (const part of ["--unprivileged", "--group=fleet", "--install-servers", "--delay-enroll"]) {
      expect(local).toContain(part);
    }
    expect(local).not.toContain("--insecure");
  });
});
