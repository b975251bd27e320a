import { createHash } from "node:crypto";
import * as fs from "node:fs";

import type { App } from "cdktf";

import { Agent, EnrollmentToken, KeyPassphrase, MutualFleetTls, OneWayFleetTls, ServiceToken } from "../../lib";
import { TestStack } from "../support/apps";
import { contentsBelow, filesBelow } from "../support/files";
import { fleetProps, secretVariable } from "../support/fleets";
import type { Secret } from "../support/secrets";
import { givenAway, secretsOf, secretText } from "../support/secrets";
import { TerraformProject } from "../support/terraform";

const STACKS = ["line", "file", "away"];

describe("the keys, passphrases and tokens of three stacks", () => {
  const project = new TerraformProject();
  // Made up at run time, like every other secret here.
  const value = (what: string) =>
    `${what}-${Math.random().toString(36).slice(2)}-${Math.random().toString(36).slice(2)}`;
  const variables = {
    service: value("service"),
    enrollment: value("enrollment"),
    passphrase: value("a person's pass phrase's"),
  };
  const plans: string[] = [];
  const printed: string[] = [];
  const plain: string[] = [];
  let secrets: Secret[];

  function build(app: App): void {
    const line = new TestStack(app, "line");
    new OneWayFleetTls(
      line,
      "fleet",
      fleetProps({
        serviceToken: ServiceToken.onCommandLine(secretVariable(line, "service")),
        agentEnrollmentToken: EnrollmentToken.onCommandLine(secretVariable(line, "enrollment")),
      }),
    ).addAgent("web-1");
    const file = new TestStack(app, "file");
    const fleet = new MutualFleetTls(file, "fleet", {
      ...fleetProps({ serviceToken: ServiceToken.fromVariable(secretVariable(file, "service")) }),
      agentKeyPassphrase: KeyPassphrase.fromVariable(secretVariable(file, "passphrase")),
    });
    fleet.addAgent("web-1", { keyPassphrase: KeyPassphrase.generated() });
    const away = new TestStack(app, "away");
    new Agent(away, "web-2", {
      fleet,
      keyPassphrase: KeyPassphrase.generated(),
      enrollmentToken: EnrollmentToken.onCommandLine(secretVariable(away, "enrollment")),
    });
  }

  beforeAll(async () => {
    project.synth(build);
    for (const stack of STACKS) {
      // Once before there is anything, once when a key file is lost, once with nothing to do.
      plans.push((await project.plan(stack, { variables })).text);
      const before = filesBelow(project.path("fleet-tls"));
      await project.apply(stack, { variables });
      for (const name of filesBelow(project.path("fleet-tls"))) {
        if (/key\.pem$|\.sh$/.test(name) && !before.includes(name)) fs.rmSync(project.path("fleet-tls", name));
      }
      plans.push((await project.plan(stack, { variables })).text);
      await project.apply(stack, { variables });
      plans.push((await project.plan(stack, { variables })).text);
      printed.push(await project.printedOutputs(stack));
      const outputs = Object.values(await project.outputs(stack));
      plain.push(JSON.stringify(outputs.filter(({ sensitive }) => !sensitive)));
    }
    secrets = [
      ...STACKS.flatMap((stack) => secretsOf(project, stack)),
      ...Object.entries(variables).map(([name, value]) => secretText(name, value)),
    ];
  });
  afterAll(() => project.dispose());

  test("are many, and a search finds each of them where it belongs", () => {
    expect(secrets.length).toBeGreaterThan(25);
    for (const stack of STACKS) {
      const own = secretsOf(project, stack);
      expect(givenAway(project.read(`terraform.${stack}.tfstate`), own)).toEqual(own.map(({ name }) => name));
    }
    for (const [host, secret] of [
      ["line/fleet/fleet-server", "service"],
      ["line/fleet/agents/web-1", "enrollment"],
      ["file/fleet/agents/web-2", "enrollment"],
    ] as const) {
      expect(givenAway(project.read("fleet-tls", host, "install-command.sh"), secrets)).toContain(secret);
    }
  });

  test("are in no plan that a person reads", () => {
    expect(plans).toHaveLength(9);
    expect(givenAway(plans.join("\n"), secrets)).toEqual([]);
  });

  test("are in nothing that Terraform printed", () => {
    expect(givenAway(project.log.join("\n"), secrets)).toEqual([]);
  });

  test("are in no plain output, printed or read by a program", () => {
    expect(givenAway(printed.join("\n"), secrets)).toEqual([]);
    expect(givenAway(plain.join("\n"), secrets)).toEqual([]);
  });

  test("are in no file below cdktf.out", () => {
    const contents = Object.entries(contentsBelow(project.outputFolder)).filter(
      ([name]) => !name.includes("/providers/"),
    );
    expect(contents.length).toBeGreaterThan(3);
    expect(givenAway(contents.map(([, content]) => content).join("\n"), secrets)).toEqual([]);
  });

  test("are in no file that others may read", () => {
    const readable = filesBelow(project.path("fleet-tls")).filter(
      (name) => (fs.statSync(project.path("fleet-tls", name)).mode & 0o077) !== 0,
    );
    const contents = readable.map((name) => project.read("fleet-tls", name));
    expect(givenAway(contents.join("\n"), secrets)).toEqual([]);
  });

  test("the state remembers no digest of a secret, by which it could be guessed", () => {
    const words = STACKS.flatMap((stack) => secretWords(project, stack)).concat(Object.values(variables));
    const digests = words.flatMap(digestsOf);
    const remembered = (isOwn: (type: string) => boolean): string[] => {
      const resources = STACKS.flatMap((stack) => project.state(stack)).filter(({ type }) => isOwn(type));
      const text = JSON.stringify(resources);
      return digests.filter((digest) => text.includes(digest));
    };
    // The local provider keeps digests of a file with the file itself.
    expect(remembered((type) => type === "local_sensitive_file").length).toBeGreaterThan(words.length / 2);
    expect(remembered((type) => type !== "local_sensitive_file")).toEqual([]);
    const outputs = STACKS.map((stack) => project.read(`terraform.${stack}.tfstate`)).map(
      (state) => (JSON.parse(state) as { outputs: unknown }).outputs,
    );
    expect(digests.filter((digest) => JSON.stringify(outputs).includes(digest))).toEqual([]);
  });

  test("an unusable passphrase is refused without being shown", async () => {
    const wrong = " a-passphrase-with-blanks-around ";
    const refusal = await project.refusal("file", { variables: { ...variables, passphrase: wrong } });
    expect(refusal).toContain("the passphrase is not usable");
    expect(givenAway(refusal, [...secrets, secretText("wrong", wrong)])).toEqual([]);
  });

  test("an unusable passphrase is refused before any file is written", async () => {
    const first = new TerraformProject();
    try {
      first.synth(build);
      await first.init("file");
      const { code, stderr } = await first.terraform("file", ["apply", "-auto-approve", "-no-color"], {
        variables: { ...variables, passphrase: `${variables.passphrase}\n` },
      });
      expect(code).toBe(1);
      expect(stderr.replace(/[\s│]+/g, " ")).toContain("the passphrase is not usable");
      expect(first.exists("fleet-tls") ? filesBelow(first.path("fleet-tls")) : []).toEqual([]);
    } finally {
      first.dispose();
    }
  });
});

/** Contents of the files with secrets, as whoever guesses would hash them. */
function secretWords(project: TerraformProject, stack: string): string[] {
  return project
    .state(stack)
    .filter(({ type }) => type === "local_sensitive_file")
    .flatMap(({ instances }) => instances.map(({ attributes }) => String(attributes["content"])));
}

function digestsOf(word: string): string[] {
  return ["md5", "sha1", "sha256", "sha512"].flatMap((algorithm) =>
    (["hex", "base64"] as const).map((encoding) => createHash(algorithm).update(word).digest(encoding)),
  );
}
