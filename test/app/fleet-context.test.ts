import * as fs from "node:fs";
import * as path from "node:path";

import { FleetContext } from "../../app/fleet-context";
import { ClientAuthentication, KeyAlgorithm, StackVersion, TargetPlatform } from "../../lib";
import { withApp } from "../support/apps";

const CONTEXT = {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  agents: ["web-1", "web-2"],
  serviceTokenPath: "/etc/elastic-agent/certs/service-token",
  enrollmentTokenVariable: "FLEET_ENROLLMENT_TOKEN",
};

const read = (context: Record<string, unknown>): FleetContext => withApp((app) => FleetContext.of(app), context);

function refusal(context: Record<string, unknown>): string[] {
  try {
    read(context);
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  return [];
}

test("the props of a fleet are those of the context", () => {
  const props = read(CONTEXT).props("mutual/fleet");
  expect(props).toMatchObject({
    fleetServerUrl: CONTEXT.fleetServerUrl,
    elasticsearchUrl: CONTEXT.elasticsearchUrl,
    fleetServerPolicy: CONTEXT.fleetServerPolicy,
    outputDirectory: "fleet-tls/mutual/fleet",
  });
  expect(props.serviceToken._source).toEqual({ kind: "host", path: CONTEXT.serviceTokenPath });
  expect(props.agentEnrollmentToken!._source).toEqual({ kind: "environment", name: "FLEET_ENROLLMENT_TOKEN" });
  expect(props.keyAlgorithm).toBeUndefined();
  expect(props.validity).toBeUndefined();
});

test("the agents are those of the context, and there may be none", () => {
  expect(read(CONTEXT).agents).toEqual([
    { id: "web-1", options: {} },
    { id: "web-2", options: {} },
  ]);
  expect(read({ ...CONTEXT, agents: [] }).agents).toEqual([]);
});

test("executable, directories, key algorithm and validity may be chosen", () => {
  const more = {
    ...{ executable: "sudo ./elastic-agent", outputDirectory: "out", hostDirectory: "/srv/certs" },
    ...{ keyAlgorithm: "RSA_3072", validityDays: 90 },
  };
  const props = read({ ...CONTEXT, ...more }).props("fleet");
  expect(props).toMatchObject({
    executable: "sudo ./elastic-agent",
    outputDirectory: "out/fleet",
    hostDirectory: "/srv/certs",
  });
  expect(props.keyAlgorithm).toBe(KeyAlgorithm.RSA_3072);
  expect(props.validity!.validityPeriodHours).toBe(90 * 24);
});

test("each agent may have a platform of its own", () => {
  const agents = ["web-1", { id: "pc-1", platform: "windows" }, { id: "mac-1", platform: "macos" }];
  expect(read({ ...CONTEXT, agents }).agents.map(({ id, options }) => [id, options.platform])).toEqual([
    ["web-1", undefined],
    ["pc-1", TargetPlatform.WINDOWS],
    ["mac-1", TargetPlatform.MACOS],
  ]);
});

test("the stack version and the other props of hosts may be chosen", () => {
  const switches = { elasticDefend: true, fips: true, certificateOutputs: true, pinFleetCa: true };
  const context = read({
    ...CONTEXT,
    ...switches,
    stackVersion: "8.19",
    platform: "macos",
    clientAuthentication: "optional",
  });
  expect(context.props("fleet")).toMatchObject({ ...switches, platform: TargetPlatform.MACOS });
  expect(context.props("fleet").stackVersion).toEqual(StackVersion.of("8.19.0"));
  expect(context.clientAuthentication).toBe(ClientAuthentication.OPTIONAL);
});

test.each([
  ["fleetServerURL", "did you mean fleetServerUrl?"],
  ["agent", "did you mean agents?"],
  ["stack_version", "did you mean stackVersion?"],
  ["validityDay", "did you mean validityDays?"],
  ["color", "remove it from the context of cdktf.json"],
])("the unknown key %s is refused: %s", (key, fix) => {
  const [message, ...more] = refusal({ ...CONTEXT, [key]: "x" });
  expect(more).toEqual([]);
  expect(message).toMatch(new RegExp(`^cdktf\\.json: context has an unknown key, "${key}"; allowed: fleetServerUrl, `));
  expect(message!.endsWith(fix)).toBe(true);
});

test("keys that cdktf itself writes pass", () => {
  const own = { cdktfVersion: "0.21.0", cdktfRelativeModules: [], excludeStackIdFromLogicalIds: "true" };
  expect(refusal({ ...CONTEXT, ...own })).toEqual([]);
});

test("every key that is missing is named, all at once", () => {
  const missing = refusal({});
  expect(missing).toHaveLength(Object.keys(CONTEXT).length);
  for (const key of Object.keys(CONTEXT)) {
    expect(missing).toContainEqual(
      expect.stringMatching(
        new RegExp(`^cdktf\\.json: context\\.${key} is missing; allowed: .*; add it to the context of cdktf\\.json$`),
      ),
    );
  }
});

test.each([
  ["fleetServerUrl", ""],
  ["elasticsearchUrl", 5],
  ["fleetServerPolicy", null],
  ["agents", "web-1"],
  ["agents", ["web-1", 2]],
  ["agents", [""]],
  ["agents", [{ id: "web-1", platform: "solaris" }]],
  ["agents", [{ id: "web-1", os: "windows" }]],
  ["agents", [{ platform: "windows" }]],
  ["stackVersion", "latest"],
  ["stackVersion", 9.5],
  ["clientAuthentication", "none"],
  ["platform", "win32"],
  ["elasticDefend", "yes"],
  ["serviceTokenPath", []],
  ["enrollmentTokenVariable", ""],
  ["enrollmentTokenVariable", "MY-TOKEN"],
  ["outputDirectory", ""],
  ["hostDirectory", 1],
  ["keyAlgorithm", "ecdsa"],
  ["keyAlgorithm", "toString"],
  ["validityDays", 0],
  ["validityDays", 1.5],
  ["validityDays", "90"],
  ["validityDays", 365_001],
])("%s is refused by its name when it is %j", (key, value) => {
  expect(refusal({ ...CONTEXT, [key]: value })).toEqual([
    expect.stringMatching(
      new RegExp(`^cdktf\\.json: context\\.${key} is not usable, got .*; allowed: .*; correct it in the context`),
    ),
  ]);
});

test("the key algorithms that are allowed are named", () => {
  expect(refusal({ ...CONTEXT, keyAlgorithm: "P256" })[0]).toContain(
    "allowed: ECDSA_P256, ECDSA_P384, ECDSA_P521, RSA_2048, RSA_3072, RSA_4096, ED25519",
  );
});

test("docs/cdktf-json.md has every key, and no other", () => {
  const page = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "cdktf-json.md"), "utf8");
  const documented = [...page.matchAll(/^\| ([^|]*) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`(\w+)`/g)].map(([, key]) => key!),
  );
  const [, keys] = /allowed: ([^;]*);/.exec(refusal({ ...CONTEXT, nothing: 1 })[0]!)!;
  expect(documented.sort()).toEqual(keys!.split(", ").sort());
});
