import type { App } from "cdktf";
import { TerraformOutput } from "cdktf";

import type { IFleetHost } from "../../lib";
import { CertificateSource, EnrollmentToken, KeyPassphrase, MutualFleetTls, ServiceToken } from "../../lib";
import { TerraformData } from "../../lib/private/terraform/data";
import { TestStack } from "../support/apps";
import { filesBelow } from "../support/files";
import { fleetProps, secretVariable } from "../support/fleets";
import { changesOf } from "../support/plan";
import { TerraformProject } from "../support/terraform";

const random = (): string => Math.random().toString(36).slice(2);
const variables = { service: `service-${random()}`, enrollment: `enrollment${random()}` };

function createFleet(stack: TestStack, writeFiles: boolean): MutualFleetTls {
  const fleet = new MutualFleetTls(stack, "fleet", {
    ...fleetProps({ serviceToken: ServiceToken.fromVariable(secretVariable(stack, "service")) }),
    ...(writeFiles ? {} : { writeFiles }),
  });
  fleet.addAgent("web-1", { keyPassphrase: KeyPassphrase.generated() });
  fleet.addAgent("pending", { certificate: CertificateSource.fromCertificateRequest({ file: "missing.csr" }) });
  fleet.addAgent("secret-1", { enrollmentToken: EnrollmentToken.onCommandLine(secretVariable(stack, "enrollment")) });
  fleet.addKibana("kibana", { fleetSettings: false });
  return fleet;
}

const key = ({ folder }: IFleetHost, name: string): string => `${folder}/${name}`;

/** Names of the contents by whether they are secret, of the fleet that was built last. */
const split = { public: new Set<string>(), sensitive: new Set<string>() };

/** Every content of a fleet as one sensitive output, and a copy in another stack. */
function build(app: App, writeFiles: boolean): void {
  const stack = new TestStack(app, "home");
  const fleet = createFleet(stack, writeFiles);
  const contents = fleet.hosts.flatMap((host) =>
    host.files.files.map(({ name, content }) => [key(host, name), content] as const),
  );
  const namesOf = (contents: (host: IFleetHost) => object): Set<string> =>
    new Set(fleet.hosts.flatMap((host) => Object.keys(contents(host)).map((name) => key(host, name))));
  split.public = namesOf(({ files }) => files.publicContents(stack));
  split.sensitive = namesOf(({ files }) => files.sensitiveContents(stack));
  new TerraformOutput(stack, "contents", { value: Object.fromEntries(contents), sensitive: true });
  new TerraformOutput(stack, "runbook", { value: fleet.runbook });
  const away = new TestStack(app, "away");
  const { files } = fleet.agents[0]!;
  new TerraformData(away, "copy", { input: { ...files.publicContents(away), ...files.sensitiveContents(away) } });
  const careless = new TestStack(app, "careless");
  new TerraformData(careless, "copy", { input: files.file("agent-cert-key-passphrase").content });
}

describe.each([
  ["with files", true],
  ["without files", false],
])("the contents of a fleet %s", (_, writeFiles) => {
  const project = new TerraformProject();
  let contents: Record<string, string | null>;
  let runbook: string;
  let awayPlan: string;

  beforeAll(async () => {
    project.synth((app) => build(app, writeFiles));
    await project.apply("home", { variables });
    const outputs = await project.outputs("home");
    contents = outputs["contents"]!.value as Record<string, string | null>;
    runbook = outputs["runbook"]!.value as string;
    awayPlan = (await project.plan("away")).text;
    await project.apply("away");
  });
  afterAll(() => project.dispose());

  if (writeFiles) {
    test("are those of the files, byte for byte, and null where there is none yet", () => {
      const folder = "fleet-tls/home/fleet";
      const files = filesBelow(project.path(folder)).filter((name) => name !== "RUNBOOK.md");
      expect(Object.entries(contents).filter(([, content]) => content === null)).toEqual([
        ["agents/pending/agent-cert.pem", null],
      ]);
      expect(Object.keys(contents).sort()).toEqual([...files, "agents/pending/agent-cert.pem"].sort());
      for (const file of files) expect([file, contents[file]]).toEqual([file, project.read(folder, file)]);
      expect(runbook).toBe(project.read(folder, "RUNBOOK.md"));
    });

    test("are sensitive where the file is its owner's alone, and public everywhere else", () => {
      for (const name of Object.keys(contents).filter((one) => contents[one] !== null)) {
        const isSecret = project.mode(`fleet-tls/home/fleet/${name}`) === 0o600;
        expect([name, split.sensitive.has(name), split.public.has(name)]).toEqual([name, isSecret, !isSecret]);
      }
      expect([...split.sensitive]).toEqual(
        expect.arrayContaining([
          "fleet-server/service-token",
          "agents/web-1/agent-cert-key-passphrase",
          "agents/secret-1/install-command.sh",
        ]),
      );
      expect([...split.public].map((name) => contents[name]).join("")).not.toMatch(
        new RegExp(`PRIVATE KEY|${variables.service}|${variables.enrollment}`),
      );
    });
  } else {
    test("are all that there is: no folder is written", () => {
      expect(filesBelow(project.folder).filter((name) => !/^cdktf\.out|tfstate/.test(name))).toEqual([]);
      expect(contents["agents/web-1/agent-cert-key.pem"]).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
      expect(contents["fleet-server/service-token"]).toBe(variables.service);
      expect(runbook).toContain("## Hosts");
    });
  }

  test("reach another stack, whose plan shows no secret", async () => {
    const files = Object.entries(contents).filter(([name]) => name.startsWith("agents/web-1/"));
    const copy = project.state("away").find(({ name }) => name === "copy")!.instances[0]!.attributes["input"];
    expect((copy as { value: unknown }).value).toEqual(
      Object.fromEntries(files.map(([name, content]) => [name.slice("agents/web-1/".length), content])),
    );
    expect(awayPlan).not.toContain("PRIVATE KEY");
    expect(awayPlan).toContain("(sensitive value)");
  });

  test("lose their mark in another stack where it is not set again", async () => {
    expect((await project.plan("careless")).text).toContain(contents["agents/web-1/agent-cert-key-passphrase"]);
  });

  test("a second plan changes nothing", async () => {
    expect(changesOf((await project.plan("home", { variables })).json)).toEqual({});
  });

  if (writeFiles) {
    test("stay the same when files are turned off, which deletes the files", async () => {
      project.synth((app) => build(app, false));
      await project.apply("home", { variables });
      expect(filesBelow(project.path("fleet-tls"))).toEqual([]);
      expect((await project.outputs("home"))["contents"]!.value).toEqual(contents);
    });
  }
});
