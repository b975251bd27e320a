import type { IFleetHost } from "../../../host/fleet-host";
import type { HostFiles } from "../../../host/host-files";
import type { HostCertificate } from "../../../host/host-files-props";
import { expression } from "../../../private/terraform/text";
import type { TrustedCa } from "../trusted-cas";
import { roleOf } from "../trusted-cas";

type Gathered = Record<string, unknown>;

/** A host of any kind but agents, as an argument of `jsonencode`. */
export function pageHost(host: IFleetHost, cas: TrustedCa[]): Gathered {
  const { id, kind, folder, files, commands, settingsFiles } = host;
  const [command] = commands;
  return {
    kind: kind.id,
    title: kind.title,
    reader: kind.reader,
    id,
    folder,
    ...folderOf(files),
    certificates: files.certificates.map((each) => ({
      file: each.certificate ? each.name : `${each.name}, on the host`,
      authority: each.certificate && roleOf(each.certificate.issuer, cas).name,
      ...datesOf(each),
    })),
    command: command && { file: command.file, text: command.containsSecret ? undefined : command.text },
    settings: settingsFiles.map(({ title, file, text, hint }) => ({ title, file, text, hint: expression(hint) })),
  };
}

/** Agents whose folders are alike share one entry, so that a thousand need little more than a hundred. */
export function agentGroups(agents: IFleetHost[]): Gathered[] {
  const groups = new Map<string, IFleetHost[]>();
  for (const agent of agents) {
    const key = JSON.stringify([folderOf(agent.files), agent.isContainer]);
    groups.set(key, [...(groups.get(key) ?? []), agent]);
  }
  return [...groups.values()].map((members) => ({
    ...folderOf((members[0] as IFleetHost).files),
    commandFile: members[0]?.commands[0]?.file ?? "",
    members: members.map(({ id, files, commands: [command] }) => ({
      id,
      certificate: datesOfFile(files, "agent-cert.pem"),
      inputCertificate: datesOfFile(files, "input-cert.pem"),
      command: command?.containsSecret ? undefined : command?.text,
    })),
  }));
}

function folderOf(files: HostFiles): Gathered {
  return {
    platform: files.platform.name,
    hostDirectory: expression(files.hostDirectory),
    files: files.files.map(({ name, filePermission }) => ({ name, mode: filePermission })),
  };
}

function datesOfFile({ certificates }: HostFiles, file: string): Gathered | undefined {
  return certificates.filter(({ name }) => name === file).map(datesOf)[0];
}

function datesOf({ pem, certificate }: HostCertificate): Gathered {
  return certificate ? { pem, renewBeforeHours: certificate._renewable.beforeHours } : { pem };
}
