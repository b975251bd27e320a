import { App } from "cdktf";
import fc from "fast-check";

import { FleetContext } from "../../app/fleet-context";
import { InputError } from "../../lib/private/problems";
import { inTemporaryFolder } from "../support/apps";
import { fuzz } from "./fuzz";

const CONTEXT: Readonly<Record<string, unknown>> = {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  agents: ["web-1", "web-2"],
  serviceTokenPath: "/etc/elastic-agent/certs/service-token",
  enrollmentTokenVariable: "FLEET_ENROLLMENT_TOKEN",
  outputDirectory: "out",
  hostDirectory: "/srv/certs",
  keyAlgorithm: "RSA_3072",
  validityDays: 90,
};

const OPTIONAL = ["outputDirectory", "hostDirectory", "keyAlgorithm", "validityDays"];

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom("", " ", "toString", "__proto__", "x".repeat(100_000), "${x}", "%{if}", 0, -1, 1e308, [[]], {}, null),
  fc.string({ unit: "binary", maxLength: 20 }),
);

const changes = fc.array(fc.tuple(fc.constantFrom(...Object.keys(CONTEXT)), fc.option(anything, { nil: undefined })), {
  maxLength: 3,
});

fuzz("the context of cdktf.json", {
  percent: 5,
  input: changes.map((list) => JSON.stringify({ ...CONTEXT, ...Object.fromEntries(list) })),
  holds: (json) => {
    const context = JSON.parse(json) as Record<string, unknown>;
    inTemporaryFolder((outdir) => {
      const app = new App({ outdir, stackTraces: false, context });
      try {
        const read = FleetContext.of(app);
        expect(read.agents.map(({ id }) => id)).toEqual(
          (context["agents"] as (string | { id: string })[]).map((agent) =>
            typeof agent === "string" ? agent : agent.id,
          ),
        );
        expect(read.props("fleet").fleetServerUrl).toBe(context["fleetServerUrl"]);
        for (const key of Object.keys(CONTEXT)) {
          expect(key in context || OPTIONAL.includes(key)).toBe(true);
        }
      } catch (error) {
        expect([Error, InputError]).toContain((error as Error).constructor);
        for (const line of (error as Error).message.split("\n")) {
          expect(line).toMatch(
            /^cdktf\.json: context(\.\w+ is (missing|not usable, got .*)| has an unknown key, .*); allowed: .*; /s,
          );
          expect(line.length).toBeLessThan(500);
        }
      }
    });
  },
});
