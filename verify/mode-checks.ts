import type { Finding } from "../lib/private/x509/finding";
import { error } from "../lib/private/x509/finding";
import type { Host } from "./host";
import type { Entered, FolderFile } from "./host-folder";
import { fileName } from "./host-folder";
import type { Report } from "./report";

/** A user of a system. */
export interface Account {
  readonly uid: number;
  readonly gids: readonly number[];
}

/** The machine on which the folders are. */
export interface Machine {
  /** The user who runs the check; undefined where files have no owners, as on Windows. */
  readonly uid?: number;
  readonly accounts: ReadonlyMap<string, Account>;
  /** Ids of groups by their names. */
  readonly groups?: ReadonlyMap<string, number>;
}

/** The account of `install --unprivileged` (elastic-agent, internal/pkg/agent/install/user.go). */
const AGENT_USER = "elastic-agent-user";

/** Checks modes and owners of what is secret, against the user who will read it (check 42). */
export function checkModes(host: Host, report: Report, machine: Machine, secretFiles: ReadonlySet<string>): void {
  if (machine.uid === undefined || host.folder.isVirtual === true) {
    return;
  }
  const secrets = [...host.folder.files.values()].filter(
    ({ name }) => host.hasKey(name) || host.contentOf(name) === "secret" || secretFiles.has(name),
  );
  if (host.folder.isVolume === true) {
    report.note(`${host.label}: modes and owners are not checked, because Kubernetes wrote this folder`);
    return;
  }
  checkReader(host, report, machine);
  if (secrets.length === 0) {
    return;
  }
  report.check(42);
  // An unprivileged agent, Elasticsearch and Kibana read their keys as a user of their own.
  const byGroup = !["agent", "fleet server", "proxy"].includes(host.kind) || runsAs(host) !== undefined;
  for (const file of secrets) {
    report.add(host.label, file.name, fileFindings(file, host, machine, byGroup));
  }
  report.add(host.label, undefined, folderFindings(host, machine, byGroup));
}

/** The account that runs the agent; undefined for root. An unprivileged agent that is installed enrolls as its user. */
function runsAs({ command }: Host): string | undefined {
  const [, sudoer] = /\bsudo\s+(?:-\S+\s+)*?(?:-u|--user)[= ]?(\S+)/.exec(command?.executable ?? "") ?? [];
  const isUnprivileged = command?.isOn("unprivileged") === true;
  return (isUnprivileged ? command?.known("user") : undefined) ?? sudoer ?? (isUnprivileged ? AGENT_USER : undefined);
}

function fileFindings(file: FolderFile, { kind }: Host, machine: Machine, byGroup: boolean): Finding[] {
  if (file.isLink) {
    const fix = "remove it, and put the file itself there";
    return [error(42, "is a symbolic link, through which a secret is written elsewhere", fix)];
  }
  const findings: Finding[] = [];
  if ((file.mode & (byGroup ? 0o037 : 0o077)) !== 0) {
    const what = `has mode ${octal(file.mode)}, so others than its owner may use it`;
    const fix = `chmod ${byGroup ? "640" : "600"}; replace the secret if others use this machine`;
    findings.push(error(42, what, fix));
  }
  if (!byGroup && isForeign(file.uid, machine)) {
    const what = `belongs to user ${file.uid}, who can read and change it`;
    const runner = kind === "agent" || kind === "fleet server" ? "the agent, usually root" : kind;
    findings.push(error(42, what, `chown it to the user who runs ${runner}`));
  }
  return findings;
}

function folderFindings(host: Host, machine: Machine, byGroup: boolean): Finding[] {
  const { mode, uid } = host.folder;
  const findings: Finding[] = [];
  if ((mode & (byGroup ? 0o027 : 0o077)) !== 0) {
    const what = `has mode ${octal(mode)}, so others may enter a folder with secrets`;
    findings.push(error(42, what, `chmod ${byGroup ? "750" : "700"} the folder`));
  }
  if (!byGroup && isForeign(uid, machine)) {
    findings.push(error(42, `belongs to user ${uid}, who can replace every file in it`, "chown the folder"));
  }
  return findings;
}

/**
 * On the host itself, the account of an unprivileged agent must be able to read every file that the command names, and
 * to enter the folders on their path: the agent enrolls as that user, and a failed enrollment uninstalls it. A script
 * that hands the files over does so first.
 */
function checkReader(host: Host, report: Report, machine: Machine): void {
  const name = runsAs(host);
  const script = host.commandFile === undefined ? undefined : host.folder.files.get(host.commandFile)?.bytes;
  const isHost = host.command?.uses.some(({ value }) => value !== undefined && host.isHostDirectory(value.text));
  if (name === undefined || name === "root" || isHost !== true || /\bch(own|grp)\b/.test(script?.toString() ?? "")) {
    return;
  }
  const group = machine.groups?.get(host.command?.known("group") ?? "");
  const account = machine.accounts.get(name) ?? (group === undefined ? undefined : { uid: NOBODY, gids: [] });
  if (account === undefined) {
    report.note(`${host.label}: owners are not checked, because this machine has no account ${name} yet`);
    return;
  }
  const gids = group === undefined ? account.gids : [...account.gids, group];
  const may = ({ uid, gid, mode }: Omit<Entered, "path">, bit: number): boolean => {
    const shift = uid === account.uid ? 6 : gids.includes(gid) ? 3 : 0;
    return (mode & (bit << shift)) !== 0;
  };
  report.check(42);
  for (const file of namedFiles(host).filter((one) => !may(one, 4))) {
    const isSecret = ["key", "secret"].includes(host.contentOf(file.name));
    const fix = isSecret ? `chgrp it to a group of ${name} and chmod 640` : "chmod 644";
    report.add(host.label, file.name, [error(42, `cannot be read by ${name}, who runs the agent`, fix)]);
  }
  if (!may(host.folder, 1)) {
    const what = `cannot be entered by ${name}, who runs the agent`;
    report.add(host.label, undefined, [error(42, what, `chgrp it to a group of ${name} and chmod 750`)]);
  }
  for (const parent of host.folder.parents?.filter((one) => !may(one, 1)) ?? []) {
    const what = `is below ${parent.path}, which ${name}, who runs the agent, cannot enter`;
    report.add(host.label, undefined, [error(42, what, `chmod o+x ${parent.path}, or move the files`)]);
  }
}

/** A user id that no file has. */
const NOBODY = -1;

/** The files in the folder that the command names. */
function namedFiles({ command, folder }: Host): FolderFile[] {
  const paths = command?.uses.flatMap(({ value }) => value?.text.split(",") ?? []) ?? [];
  const names = new Set(paths.map((path) => fileName(path.trim())));
  return [...folder.files.values()].filter(({ name }) => names.has(name));
}

function isForeign(uid: number, machine: Machine): boolean {
  return uid !== machine.uid && uid !== 0;
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}
