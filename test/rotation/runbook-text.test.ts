import { HostKind } from "../../lib";
import type { AuthorityRole } from "../../lib/fleet/private/authority-role";
import { AGENT_CA, ELASTICSEARCH_CA, FLEET_CA, receiverRole } from "../../lib/fleet/private/authority-role";
import type { RunbookHost, RunbookModel } from "../../lib/fleet/private/runbook/model";
import type { RotationPlan } from "../../lib/authority/rotation-plan";
import { NO_ROTATION } from "../../lib/authority/rotation-plan";
import { runbookText } from "../../lib/fleet/private/runbook/text";

const fleetServer: RunbookHost = {
  kind: HostKind.FLEET_SERVER,
  folder: "fleet-server",
  stack: "home",
  directory: "/etc/elastic-agent/certs",
  isWindows: false,
  isContainer: false,
  handsOver: false,
  version: "9.5.2",
  reload: {
    isAutomatic: true,
    instruction: "Restart Fleet Servers before 9.5; from 9.5 on they load the file within five seconds.",
  },
};
const agent: RunbookHost = {
  ...fleetServer,
  kind: HostKind.AGENT,
  folder: "agents/web-1",
  stack: "berlin",
  reload: { isAutomatic: true, instruction: "Restart agents before 9.5." },
};

/** The section of one CA, and none of what all runbooks have. */
function section(
  rotation: Partial<RotationPlan>,
  role: AuthorityRole = FLEET_CA,
  more: Partial<RunbookModel> = {},
  settings: string[] = [],
): string {
  const hosts = [fleetServer, agent];
  const text = runbookText({
    fleet: "home/fleet",
    stack: "home",
    hosts,
    agentStacks: [],
    prerequisites: [],
    hasPolicies: false,
    hasFleetProxies: false,
    pinsFleetCa: false,
    nextRenewal: "2027-01-01T00:00:00Z",
    changes: "- `a-ca.pem`: agents/web-1",
    authorities: [
      {
        role,
        rotation: { ...NO_ROTATION, ...rotation },
        bundles: [{ name: "a-ca.pem", hosts }],
        leaves: [{ name: "a-cert.pem", hosts: [fleetServer] }],
        settings,
        elsewhere: [],
      },
    ],
    ...more,
  });
  return text.split(/^## /m).find((part) => part.startsWith(`${role.title}: `))!;
}

const INTRODUCED = { generations: ["1", "2"], issuing: "1" };
const SWITCHED = { generations: ["1", "2"], issuing: "2" };
const RETIRED = { generations: ["2"], issuing: "2" };

test("an emergency lists the hosts that it cuts off, the order of the fix, and how to end it", () => {
  const text = section({ ...RETIRED, emergency: true });
  expect(text).toMatch(/\*\*Emergency\.\*\* This deploy checked no step\. Hosts without \*\*all\*\* their files/);
  expect(text).toMatch(/Fleet Servers and Elasticsearch first, then agents, each restarted/);
  expect(text).toMatch(/once more without `emergency`, still with generation 2, of which 2 signs/);
  expect(section(RETIRED)).not.toMatch(/Emergency/);
});

test("the runbook says that PEM text in Kibana overrides the files and that running agents do not apply it", () => {
  expect(section({ ...SWITCHED, inlinePemInKibana: ["1", "2"] })).toMatch(
    /take generations 1, 2 as PEM text from Kibana .*\n> which comes before their files\. A running agent does not apply a change of TLS alone/,
  );
});

test("the other stacks are named, with what to confirm of them before the next step", () => {
  expect(section({ ...INTRODUCED, minimumOverlapHours: 48 })).toMatch(
    /Other stacks have hosts of this CA: `berlin`\. .* `confirmedStacks` of the next step: `\{ stack: "berlin", generations: \["1", "2"\], issuing: "1" \}`/,
  );
  expect(section({ ...SWITCHED, minimumOverlapHours: 48 })).toContain(
    '`{ stack: "berlin", generations: ["1", "2"], issuing: "2" }`',
  );
});

test("the runbook names the wait, if there is one", () => {
  expect(section({ ...INTRODUCED, minimumOverlapHours: 48 })).toContain(
    "is done and 48 h have passed since this deploy: deploy",
  );
  expect(section(INTRODUCED)).toContain("Next, once **every** host is done: deploy");
});

test("what the deploy changed comes first, and no section tells of a rotation that does not take place", () => {
  const steps: Partial<RotationPlan>[] = [{}, INTRODUCED, SWITCHED, RETIRED];
  for (const step of steps) expect(section(step)).not.toMatch(/instead, what changed|Only these files changed/);
  expect(section({})).toMatch(/^Fleet CA: hosts trust generation 1, generation 1 signs\n\nNo rotation is under way\./);
});

test("only a Fleet Server that a new agent CA comes to needs a restart on 9.5", () => {
  expect(section(INTRODUCED, AGENT_CA)).toMatch(/\*\*Restart every Fleet Server, on 9\.5 too\*\*/);
  expect(section(RETIRED, AGENT_CA)).toMatch(/^- Restart Fleet Servers before 9\.5; from 9\.5 on they load/m);
  expect(section(INTRODUCED)).toMatch(/^- Restart Fleet Servers before 9\.5; from 9\.5 on they load/m);
});

test("an output's list comes first for the Elasticsearch CA, and its users leave a fingerprint behind", () => {
  const text = section(INTRODUCED, ELASTICSEARCH_CA, {}, ["outputs/default.yml", "outputs/windows.yml"]);
  expect(text).toMatch(
    /Before the files, change Kibana .* as `outputs\/default\.yml` and `outputs\/windows\.yml` here have it\./,
  );
  expect(text).toMatch(
    /uses `ca_trusted_fingerprint` has one value and cannot overlap: move it to such a list and remove the fingerprint/,
  );
  expect(section(INTRODUCED)).not.toMatch(/fingerprint/);
});

test("a receiver's CA that outputs contain is changed in Kibana first, and an agent is done with its policy", () => {
  const role = receiverRole({ kind: HostKind.LOGSTASH, id: "logs" });
  const text = section(INTRODUCED, role, {}, ["outputs/logs.yml", "kibana/kibana.tls.yml"]);
  expect(text).toMatch(
    /Before the files, change Kibana .* as `outputs\/logs\.yml` and `kibana\/kibana\.tls\.yml` here have it\. .* newest revision/,
  );
  expect(section(SWITCHED, role, {}, ["outputs/logs.yml"])).not.toMatch(/change Kibana/);
  expect(section(INTRODUCED, role)).not.toMatch(/change Kibana/);
});

test("pins are in no file: their hosts enroll again before the next step", () => {
  expect(section(INTRODUCED, FLEET_CA, { pinsFleetCa: true })).toMatch(/run every host's `enroll` command/);
  expect(section(INTRODUCED, AGENT_CA, { pinsFleetCa: true })).not.toMatch(/enroll/);
});
