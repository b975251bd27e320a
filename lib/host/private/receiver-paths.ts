import type { Precondition } from "cdktf";
import { Op } from "cdktf";
import type { Construct } from "constructs";

import type { CertificateSource } from "../../certificate/certificate-source";
import type { Problems } from "../../private/problems";
import { quoted } from "../../private/problems";
import { matches } from "../../private/terraform/hidden-condition";
import { isKnown } from "../../private/terraform/text";
import type { HostLocation } from "./directory";
import { isAbsoluteCondition } from "./directory";

/** What a configuration file cannot contain between double quotes. Regular expressions of JavaScript and of Terraform. */
const UNQUOTABLE = '["\\r\\n]|[$][{]';

/** `${dir:…:…}` of Kafka's DirectoryConfigProvider ends at a brace and is divided at colons. */
const NOT_IN_REFERENCES = `${UNQUOTABLE}|[:}]`;

/** Paths on a receiver's host that its settings contain. */
export interface ReceiverPaths extends HostLocation {
  /** Sources of its certificates, by their props. */
  readonly sources: Readonly<Record<string, CertificateSource | undefined>>;
  /** Whether Kafka's settings refer to certificate and key as `${dir:…}`. */
  readonly isReferred?: boolean;
}

function pathsOf({ hostDirectory, sources }: ReceiverPaths): [prop: string, path: string][] {
  const pairs = Object.entries(sources).flatMap(([prop, source]) => {
    const { certificatePath, privateKeyPath } = source?._onHost ?? {};
    return [certificatePath, privateKeyPath].flatMap((path): [string, string][] => (path ? [[prop, path]] : []));
  });
  return [["hostDirectory", hostDirectory], ...pairs];
}

/** Refuses paths that the settings of a receiver cannot contain. */
export function checkReceiverPaths(problems: Problems, receiver: ReceiverPaths): void {
  const { platform, isReferred = false } = receiver;
  for (const [prop, path] of pathsOf(receiver).filter(([, each]) => isKnown(each))) {
    if (new RegExp(isReferred ? NOT_IN_REFERENCES : UNQUOTABLE).test(path)) {
      problems.add(prop, {
        what: `contains a double quote, a newline${isReferred ? ", a colon, a closing brace" : ""} or \${, which the settings cannot contain`,
        got: quoted(path),
        allowed: "paths without them",
        fix: "choose another one",
      });
    } else if (prop !== "hostDirectory" && !platform.isAbsolute(path)) {
      problems.add(prop, {
        what: "has a path that is not absolute on the host's platform",
        got: quoted(path),
        allowed: `absolute paths on ${platform.name}`,
        fix: "write the whole path",
      });
    }
  }
}

/** Preconditions for such paths where only Terraform knows them. */
export function receiverPathPreconditions(host: Construct, receiver: ReceiverPaths): Precondition[] {
  return pathsOf(receiver)
    .filter(([, path]) => !isKnown(path))
    .map(([prop, path]) => ({
      condition: Op.and(
        isAbsoluteCondition(path, receiver.platform),
        Op.not(matches(path, receiver.isReferred ? NOT_IN_REFERENCES : UNQUOTABLE)),
      ),
      errorMessage: `${host.node.path}: ${prop} has a path that is not absolute on ${receiver.platform.name}, or that the settings cannot contain; write one without commas, quotes${receiver.isReferred ? ", colons" : ""} and braces`,
    }));
}
