import { createPrivateKey } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { run as fleetTls } from "../../bin/fleet-tls";
import { filesBelow } from "../support/files";
import { certificatesOf, verify } from "../support/openssl";
import type { State } from "../support/plan";
import type { TerraformProject } from "../support/terraform";
import { FLEET_FOLDER, STACK } from "./fleet";

/** What a leaf is for, and the CA file by which the other side verifies it. */
interface Use {
  readonly purpose: "sslserver" | "sslclient";
  readonly name?: string;
  readonly trust: (host: string, fleet: string) => string;
}

const USES: Record<string, Use> = {
  "fleet-cert": { purpose: "sslserver", name: "fleet.example.com", trust: (host) => `${host}/fleet-ca.pem` },
  "es-cert": { purpose: "sslserver", name: "es.example.com", trust: (host) => `${host}/es-ca.pem` },
  "agent-cert": { purpose: "sslclient", trust: (_, fleet) => `${fleet}/fleet-server/agent-ca.pem` },
  "fleet-es-cert": { purpose: "sslclient", trust: (_, fleet) => `${fleet}/elasticsearch/es-client-ca.pem` },
};

const STATE_FILE = new RegExp(`^terraform\\.${STACK}\\.tfstate(\\.\\d+)?(\\.backup)?$`);

/** In a PEM, or in a JSON that contains one. */
const PRIVATE_KEY = /PRIVATE KEY-----(\\n|\n)[A-Za-z0-9+/]{16}/;

/**
 * Everything that is not as a finished deploy leaves it; nothing, if all is right.
 *
 * @param generations how many of a CA its file contains, if more than one
 */
export async function unsound(
  project: TerraformProject,
  fleetFolder = FLEET_FOLDER,
  generations: Record<string, number> = {},
): Promise<string[]> {
  const state = await project.pullState(STACK);
  const fleet = project.path(fleetFolder);
  const wrong = [...wrongFiles(project, state, fleet), ...strays(project, state, fleet)];
  // The rest would say the same again, less clearly.
  if (wrong.length > 0) return wrong;
  return [
    ...wrongPairs(fleet),
    ...severalAuthorities(fleet, generations),
    ...(await refused(fleet)),
    ...(await findings(fleet)),
  ];
}

/** What a finished destroy should have taken away. */
export async function remains(project: TerraformProject): Promise<string[]> {
  const state = await project.pullState(STACK);
  const fleet = project.path(FLEET_FOLDER);
  return [
    ...filesBelow(fleet).map((name) => `${name} is still there`),
    ...state.resources.map(({ type, name }) => `${type}.${name} is still in the state`),
    ...strays(project, state, fleet),
  ];
}

/** The files on disk against those of the state: content, mode, none missing, none extra. */
function wrongFiles(project: TerraformProject, { resources }: State, fleet: string): string[] {
  const files = resources.filter(({ type }) => type === "local_file" || type === "local_sensitive_file");
  const expected = files.flatMap(({ instances }) => instances.map(({ attributes }) => attributes));
  const wrong = expected.flatMap(({ filename, content, file_permission: mode }) => {
    const file = path.resolve(project.stackFolder(STACK), String(filename));
    if (!fs.existsSync(file)) return [`${file} is missing`];
    return [
      ...(fs.readFileSync(file, "utf8") === content ? [] : [`${file} is not what the state says`]),
      ...((fs.statSync(file).mode & 0o7777) === parseInt(String(mode), 8) ? [] : [`${file} has another mode`]),
    ];
  });
  const known = new Set(expected.map(({ filename }) => path.resolve(project.stackFolder(STACK), String(filename))));
  const written = filesBelow(fleet).map((name) => path.join(fleet, name));
  return [
    ...(expected.length > 0 ? [] : ["the state has no file"]),
    ...wrong,
    ...written.filter((file) => !known.has(file)).map((file) => `${file} is known to no state`),
  ];
}

/** Keys and passphrases outside the hosts' folders and Terraform's own state, and plans, which contain them compressed. */
function strays(project: TerraformProject, { resources }: State, fleet: string): string[] {
  const secrets = resources
    .filter(({ type }) => type === "local_sensitive_file")
    .flatMap(({ instances }) => instances.map(({ attributes }) => String(attributes["content"])));
  const visit = (folder: string): string[] =>
    fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return file === fleet ? [] : visit(file);
      if (!entry.isFile() || (folder === project.folder && STATE_FILE.test(entry.name))) return [];
      const text = fs.readFileSync(file, "latin1");
      const isSecret = PRIVATE_KEY.test(text) || secrets.some((secret) => text.includes(secret));
      return isSecret || text.startsWith("PK\u0003\u0004") ? [`${file} contains secrets`] : [];
    });
  return [...visit(project.folder), ...visit(project.temporary)];
}

/** Every key with its certificate and the other way round, each belonging to the other. */
function wrongPairs(fleet: string): string[] {
  return filesBelow(fleet).flatMap((name) => {
    const file = path.join(fleet, name);
    const certificate = /^(.*-cert)-key\.pem$/.exec(file)?.[1];
    if (certificate === undefined) {
      const isLeaf = /-cert\.pem$/.test(file);
      return isLeaf && !fs.existsSync(file.replace(/\.pem$/, "-key.pem")) ? [`${file} has no key`] : [];
    }
    if (!fs.existsSync(`${certificate}.pem`)) return [`${file} has no certificate`];
    const passphraseFile = `${certificate}-key-passphrase`;
    const passphrase = fs.existsSync(passphraseFile) ? fs.readFileSync(passphraseFile, "utf8") : undefined;
    const key = createPrivateKey({ key: fs.readFileSync(file, "utf8"), passphrase });
    return certificatesOf(`${certificate}.pem`)[0]?.checkPrivateKey(key) ? [] : [`${file} is another certificate's`];
  });
}

/** Hosts that have different CAs of one name, or the wrong generations of one. */
function severalAuthorities(fleet: string, generations: Record<string, number>): string[] {
  return ["fleet-ca.pem", "agent-ca.pem", "es-ca.pem"].flatMap((name) => {
    const files = filesBelow(fleet).filter((file) => path.basename(file) === name);
    const contents = new Set(files.map((file) => fs.readFileSync(path.join(fleet, file), "utf8")));
    const isRight = files.every((file) => certificatesOf(path.join(fleet, file)).length === (generations[name] ?? 1));
    return contents.size === 1 && isRight ? [] : [`there are ${contents.size} kinds of ${name}`];
  });
}

/** Certificates that OpenSSL at its strictest does not accept. */
async function refused(fleet: string): Promise<string[]> {
  const checks = filesBelow(fleet).map(async (name) => {
    const use = USES[path.basename(name, ".pem")];
    if (!use) return [];
    const file = path.join(fleet, name);
    const answer = await verify(file, { ...use, trust: use.trust(path.dirname(file), fleet) });
    return answer === "OK" ? [] : [`${file}: ${answer}`];
  });
  return (await Promise.all(checks)).flat();
}

/** What `fleet-tls verify` finds. */
async function findings(fleet: string): Promise<string[]> {
  let text = "";
  const write = (piece: string): void => void (text += piece);
  const code = await fleetTls(["verify", fleet], { out: write, err: write, now: new Date() });
  return code === 0 ? [] : [text];
}
