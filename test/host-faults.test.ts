import { App, TerraformStack } from "cdktf";
import fc from "fast-check";

import type { AgentOptions, FleetServerOptions } from "../lib";
import { EnrollmentToken, MutualFleetTls, OneWayFleetTls, ServiceToken, StackVersion, TargetPlatform } from "../lib";
import { FaultsError } from "../lib/private/faults";
import { inTemporaryFolder } from "./support/apps";
import { awkwardValue } from "./support/argument-lists";

/** Text of every kind: awkward, malformed, huge, and what would be right. */
const text = (...right: string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(right[0] as string) },
    { weight: 4, arbitrary: fc.constantFrom(...right) },
    { weight: 2, arbitrary: awkwardValue },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("", " ", "\n", "\0", "x".repeat(200_000), "${", "%{if}", "-", "https://"),
    },
  );

const url = text(
  "https://fleet.example.com:8220",
  "https://[fd00::1]:443",
  "http://x",
  "https://user@x:1",
  "https://x",
);
const path = text("/certs", "/srv/it's/certs", "C:\\certs", "\\\\server\\share\\certs");
const port = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 65535 }) },
  { weight: 1, arbitrary: fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -1, 65536, NaN, Infinity, -0)) },
);

/** Any of the entries, each of them now and then. */
const some = (entries: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> =>
  fc
    .tuple(fc.record(entries), fc.subarray(Object.keys(entries), { maxLength: 2 }))
    .map(([record, keys]) => Object.fromEntries(keys.map((key) => [key, record[key]])));

const shared = {
  platform: fc.constantFrom(TargetPlatform.LINUX, TargetPlatform.MACOS, TargetPlatform.WINDOWS),
  hostDirectory: path,
  executable: text("elastic-agent", "sudo ./elastic-agent"),
  nonInteractive: fc.boolean(),
  stackVersion: fc.constantFrom("9.5.2", "9.2.6", "8.19.13", "8.16", "8.12").map((version) => StackVersion.of(version)),
  fips: fc.boolean(),
  elasticDefend: fc.boolean(),
  caSha256: fc.array(text("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="), { maxLength: 3 }),
  headers: fc.dictionary(text("X-A", "Authorization"), text("1", "a,b"), { maxKeys: 3 }),
  proxyUrl: text("http://proxy:3128", "https://proxy", "http://a:b@proxy"),
  proxyDisabled: fc.boolean(),
  proxyCaPem: text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
  tags: fc.array(text("linux", "a b"), { maxLength: 3 }),
  agentId: text("web-1"),
  staging: text("0123456789ab"),
  daemonTimeout: text("90s", "5"),
  enrollTimeout: text("10m"),
  basePath: path,
  unprivileged: fc.boolean(),
  user: text("fleet"),
  group: text("elastic"),
  force: fc.boolean(),
  container: fc.boolean(),
};

const agentOptions = some({ ...shared, delayEnroll: fc.boolean() }) as fc.Arbitrary<AgentOptions>;

const fleetServerOptions = some({
  ...shared,
  port,
  names: fc.array(text("fleet-1.example.com", "10.0.0.1", "*.example.com", "fd00::1"), { maxLength: 3 }),
  bindHost: text("0.0.0.0"),
  fleetServerTimeout: text("2m"),
  elasticsearchCaTrustedFingerprint: text("ab".repeat(32)),
  serviceToken: path.map((value) => ServiceToken.onHost(value)),
}) as fc.Arbitrary<FleetServerOptions>;

const fleet = fc.record({
  isMutual: fc.boolean(),
  fleetServerUrl: url,
  elasticsearchUrl: url,
  fleetServerPolicy: text("fleet-server-policy"),
  fleetServer: fleetServerOptions,
  agentId: text("web-1", "web-2", "a/b", "10.0.0.1"),
  agent: agentOptions,
});

test("any props synthesise, or are refused with every fault on a line of its own", () => {
  let accepted = 0;
  inTemporaryFolder((outdir) => {
    fc.assert(
      fc.property(fleet, ({ isMutual, agentId, agent, ...props }) => {
        const stack = new TerraformStack(new App({ outdir, stackTraces: false }), "stack");
        const Fleet = isMutual ? MutualFleetTls : OneWayFleetTls;
        try {
          const made = new Fleet(stack, "fleet", {
            ...props,
            serviceToken: ServiceToken.onHost("/service-token"),
            agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
          });
          made.addAgent(agentId, agent);
          expect(made.fleetServer.enrollCommand).not.toBe("");
          expect(JSON.stringify(stack.toTerraform())).not.toContain("undefined");
          accepted++;
        } catch (error) {
          if (!(error instanceof FaultsError)) {
            throw error;
          }
          for (const line of error.message.split("\n")) {
            expect(line).toMatch(/^stack\/fleet\S*: [\w[\]]+ .+; allowed: .+; .+$/);
            expect(line.length).toBeLessThan(1500);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
  expect(accepted).toBeGreaterThan(3);
});
