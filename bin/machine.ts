import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";

import type { Certificate } from "../lib/private/x509/certificate";
import { readCertificates } from "../lib/private/x509/checks";
import type { Account, Machine } from "../verify/mode-checks";

/** This machine's user and accounts; without owners on Windows. */
export function thisMachine(): Machine {
  return { uid: process.platform === "win32" ? undefined : process.getuid?.(), accounts: accounts(), groups: groups() };
}

function accounts(): ReadonlyMap<string, Account> {
  const groups = fields("/etc/group");
  return new Map(
    fields("/etc/passwd").flatMap(([name = "", , uid = "", gid = ""]) => {
      const more = groups.filter(([, , , members = ""]) => members.split(",").includes(name));
      return /^\d+$/.test(uid)
        ? [[name, { uid: Number(uid), gids: [gid, ...more.map((one) => one[2])].map(Number) }]]
        : [];
    }),
  );
}

function groups(): ReadonlyMap<string, number> {
  return new Map(
    fields("/etc/group").flatMap(([name = "", , gid = ""]) => (/^\d+$/.test(gid) ? [[name, Number(gid)]] : [])),
  );
}

function fields(path: string): string[][] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .map((line) => line.split(":"));
  } catch {
    return [];
  }
}

let roots: readonly Certificate[] | undefined;

/** The root certificates of public CAs that Node has from Mozilla, read once. */
export function publicRoots(): readonly Certificate[] {
  roots ??= rootCertificates.flatMap((pem) => readCertificates(pem).certificates);
  return roots;
}
