import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import type { AgentOptions } from "../../lib";
import { KeyPassphrase, MutualFleetTls, OneWayFleetTls, OutputTrust, ServiceToken, TargetPlatform } from "../../lib";
import { asTerraformReads } from "../support/argument-lists";
import { inTemporaryFolder } from "../support/apps";
import { fleetProps, secretVariable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

const CERTS = "/etc/elastic-agent/certs";

/** A mutual fleet whose hosts are unprivileged. */
const mutual = (options: AgentOptions): SynthesizedStack =>
  synthStack((stack) => {
    const props = fleetProps({ serviceToken: ServiceToken.fromVariable(secretVariable(stack, "token")) });
    const fleet = new MutualFleetTls(stack, "fleet", {
      ...props,
      agentKeyPassphrase: KeyPassphrase.generated(),
      fleetServer: { ...options, executable: "elastic-agent" },
    });
    fleet.addAgent("web-1", { ...options, executable: "elastic-agent" });
  });

/** The files of a host's folder: names, with their modes in the output directory. */
function filesOf(stack: SynthesizedStack, host: string): Map<string, { mode: string; content: string }> {
  const prefix = `stack/${host}/files/`;
  const files = stack.resources().filter(({ path: id }) => id.startsWith(prefix));
  return new Map(
    files.map(({ path: id, attributes }) => [
      id.slice(prefix.length),
      { mode: attributes["file_permission"] as string, content: stack.resolved(attributes["content"]) },
    ]),
  );
}

test("the script of an unprivileged agent hands over everything that it reads, its CAs included", () => {
  const content = filesOf(mutual({ unprivileged: true, user: "fleet" }), "fleet/agents/web-1").get(
    "hand-over.sh",
  )!.content;
  expect(content.split("\n")).toEqual([
    "#!/bin/sh",
    "set -eu",
    "# Enrollment runs as the agent's user, who has to read these files.",
    `chown fleet ${CERTS} ${["agent-cert-key.pem", "agent-cert-key-passphrase", "fleet-ca.pem", "agent-cert.pem", "es-ca.pem"].map((name) => `${CERTS}/${name}`).join(" ")}`,
    `chmod 0700 ${CERTS}`,
    `chmod 0600 ${CERTS}/agent-cert-key.pem ${CERTS}/agent-cert-key-passphrase`,
    `chmod 0644 ${CERTS}/fleet-ca.pem ${CERTS}/agent-cert.pem ${CERTS}/es-ca.pem`,
    "",
  ]);
});

test("on Windows the account may read the same files", () => {
  const stack = mutual({ unprivileged: true, user: "fleet", platform: TargetPlatform.WINDOWS });
  const { content } = filesOf(stack, "fleet/agents/web-1").get("hand-over.ps1")!;
  const [, list] = /foreach \(\$file in (.*)\) \{/.exec(content)!;
  expect(list!.match(/[a-z-]+(?:\.pem)?(?=')/g)!.sort()).toEqual([
    "agent-cert-key-passphrase",
    "agent-cert-key.pem",
    "agent-cert.pem",
    "es-ca.pem",
    "fleet-ca.pem",
  ]);
});

test.each(["hand-over.sh", "install-command.sh"])("%s hands over CAs that outputs write later too", (name) => {
  const stack = synthStack((scope) => {
    const fleet = new MutualFleetTls(scope, "fleet", fleetProps());
    fleet.addAgent("web-1", { unprivileged: true, user: "fleet" });
    const to = [fleet.addLogstash("ls", { hosts: ["ls.example.com:5044"] })];
    fleet.addOutput("out", { to, trust: OutputTrust.HOST_FILE });
  });
  const { content } = filesOf(stack, "fleet/agents/web-1").get(name)!;
  const lines = content.split("\n");
  expect(lines.find((line) => line.startsWith("chown fleet"))).toContain(`${CERTS}/logstash-ls-ca.pem`);
  expect(lines.find((line) => line.startsWith("chmod 0644"))).toContain(`${CERTS}/logstash-ls-ca.pem`);
});

test("files outside of the folder keep their owner and mode", () => {
  const stack = synthStack((scope) => {
    const fleet = new OneWayFleetTls(scope, "fleet", fleetProps());
    fleet.addAgent("web-1", { unprivileged: true, user: "fleet", hostDirectory: "/srv/certs" });
  });
  const { content } = filesOf(stack, "fleet/agents/web-1").get("hand-over.sh")!;
  expect(content.match(/\/\S+/g)!.filter((name) => name !== "/bin/sh" && !name.startsWith("/srv/certs"))).toEqual([]);
});

test("a host that runs as root has no such script", () => {
  expect([...filesOf(mutual({}), "fleet/agents/web-1").keys()]).not.toContain("hand-over.sh");
});

const isRoot = process.getuid?.() === 0;

describe.each([
  ["a group", { group: "elastic" }, "4001:4002"],
  ["a user", { user: "fleet" }, "4001:4001"],
])("in a chroot, as %s (as root)", (_, account, ids) => {
  (isRoot ? test : test.skip).each(["fleet/fleet-server", "fleet/agents/web-1"])(
    "%s reads every file after a copy with any umask, and no other account reads a secret",
    (host) => {
      const files = filesOf(mutual({ unprivileged: true, ...account }), host);
      inTemporaryFolder((root) => {
        prepareRoot(root);
        const directory = path.join(root, CERTS);
        fs.mkdirSync(directory, { recursive: true });
        // As after scp or rsync without modes, under umask 077.
        for (const [name, { content }] of files) {
          const text = name === "hand-over.sh" ? content : asTerraformReads(content);
          fs.writeFileSync(path.join(directory, name), text, { mode: 0o600 });
          fs.chmodSync(path.join(directory, name), 0o600);
        }
        fs.chmodSync(directory, 0o700);
        const read = [...files.keys()].filter((name) => !/command|hand-over/.test(name));
        const asAccount = (name: string) => readable(root, ids, name);
        expect(read.filter(asAccount)).toEqual([]);
        expect(spawnSync("chroot", [root, "/bin/sh", `${CERTS}/hand-over.sh`]).status).toBe(0);
        expect(read.filter((name) => !asAccount(name))).toEqual([]);
        expect(read.filter((name) => readable(root, "4999:4999", name))).toEqual([]);
      });
    },
  );
});

/** A root of its own: a shell, the tools of the scripts, and the two accounts. */
function prepareRoot(root: string): void {
  fs.chmodSync(root, 0o755);
  for (const program of ["sh", "chown", "chgrp", "chmod", "cat"]) {
    const file = fs.realpathSync(execFileSync("which", [program], { encoding: "utf8" }).trim());
    const libraries = execFileSync("ldd", [file], { encoding: "utf8" }).match(/\/\S+/g) ?? [];
    for (const library of libraries) {
      copyInto(root, library, library);
    }
    copyInto(root, file, `/bin/${program}`);
  }
  fs.mkdirSync(path.join(root, "etc"), { recursive: true });
  fs.writeFileSync(path.join(root, "etc/passwd"), "root:x:0:0::/:/bin/sh\nfleet:x:4001:4001::/:/bin/sh\n");
  fs.writeFileSync(path.join(root, "etc/group"), "root:x:0:\nfleet:x:4001:\nelastic:x:4002:\n");
}

function copyInto(root: string, from: string, to: string): void {
  const target = path.join(root, to);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.copyFileSync(fs.realpathSync(from), target);
  fs.chmodSync(target, 0o755);
}

/** Whether an account, `UID:GID`, can read a file of the chroot. */
function readable(root: string, account: string, name: string): boolean {
  const args = [`--userspec=${account}`, "--groups=", root, "/bin/cat", `${CERTS}/${name}`];
  return spawnSync("chroot", args).status === 0;
}
