import { posix, win32 } from "node:path";

import type { Certificate } from "../lib/private/x509/certificate";
import { readCertificates } from "../lib/private/x509/checks";
import type { Finding } from "../lib/private/x509/finding";
import { error, warning } from "../lib/private/x509/finding";
import type { Host } from "./host";
import { fileName } from "./host-folder";

/** One entry of a CA list: PEM, or a path that is the same on every host. */
export function authoritiesOf(
  item: string,
  users: readonly Host[],
  add: (...findings: Finding[]) => void,
  check = 60,
): readonly Certificate[] {
  // A value that begins with a dash is PEM (elastic-agent-libs, tls.go, ReadPEM).
  if (item.trimStart().startsWith("-")) {
    const { certificates, findings } = readCertificates(item.trimStart());
    add(...findings.map((one) => ({ ...one, fact: check, what: `has an inline CA that ${one.what}` })));
    return certificates;
  }
  if (!posix.isAbsolute(item) && !win32.isAbsolute(item)) {
    add(error(check, "names a CA by a path that is not absolute", "write the whole path on the hosts"));
  }
  add(...missingOn(item, users, "a CA", check));
  const user = users.find(({ folder }) => folder.files.has(fileName(item)));
  const certificates = user?.certificates(fileName(item)) ?? [];
  if (user !== undefined && certificates.length === 0) {
    const what = `names ${fileName(item)} as a CA, in which ${user.label} has no certificate that agents read`;
    add(error(check, what, "write the CA's certificate as PEM"));
  }
  return certificates;
}

/** What a CA list is on hosts whose files differ from those of the first host that has them. */
export function otherLists(
  listed: readonly string[],
  authorities: readonly Certificate[],
  users: readonly Host[],
): readonly (readonly [Host, readonly Certificate[]])[] {
  const textOf = (list: readonly Certificate[]): string => list.map((one) => one.fingerprintSha256).join();
  const seen = new Set([textOf(authorities)]);
  return users.flatMap((user) => {
    const isWhole = listed.every((item) => item.trimStart().startsWith("-") || user.folder.files.has(fileName(item)));
    const anchors = isWhole ? listed.flatMap((item) => authoritiesOf(item, [user], () => undefined)) : [];
    const isNew = anchors.length > 0 && !seen.has(textOf(anchors));
    seen.add(textOf(anchors));
    return isNew ? [[user, anchors] as const] : [];
  });
}

/** A path in an output must exist on every host that uses the output; files that a command names are checked there. */
export function missingOn(path: string, users: readonly Host[], what: string, check = 60): Finding[] {
  const name = fileName(path);
  const isNamed = ({ command }: Host): boolean =>
    command?.uses.some(({ value }) => value?.text.endsWith(name)) === true;
  const [missing, ...more] = users.filter((host) => !host.folder.files.has(name) && !isNamed(host));
  if (missing === undefined || more.length + 1 === users.length) {
    return [];
  }
  const others = more.length > 0 ? ` and ${more.length} more` : "";
  const fix = "copy it there, or give those hosts an output of their own";
  return [warning(check, `names ${what}, ${name}, which ${missing.label}${others} does not have`, fix)];
}
