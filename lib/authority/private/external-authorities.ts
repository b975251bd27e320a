import { Fn } from "cdktf";

import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import { isKnown } from "../../private/terraform/text";
import { checkNames } from "./check-names";
import type { AuthorityIdentity, AuthorityMaker } from "./material";

/** CA whose certificate is stored on the hosts only, where Terraform cannot read it. */
export function authorityOnHost(path: string, isDedicated = false): AuthorityMaker {
  return {
    canIssue: false,
    create: () => ({ trustHostPath: path, anchors: [`the file ${path} of the hosts`], signsForOthers: !isDedicated }),
  };
}

/** CAs that the host's operating system trusts: no file and no flag. */
export function systemAuthorities(): AuthorityMaker {
  return {
    canIssue: false,
    create: () => ({ anchors: ["the CAs of the hosts' operating systems"], signsForOthers: true }),
  };
}

/** CA of a class of the user's own. A renewal keeps its public keys. */
export function authorityOfOtherClass(owner: ICertificateAuthority): AuthorityMaker {
  return {
    canIssue: owner.canIssue,
    isBorrowed: true,
    create: (scope, { uses }) => {
      const { trustBundlePem, trustHostPath } = owner;
      if (trustBundlePem !== undefined) {
        checkNames(scope, uses, { pem: trustBundlePem, isPath: false });
      }
      return {
        owner,
        anchors: [`${owner.node.path}/generation-1`],
        signsForOthers: true,
        trustHostPath,
        trustPem: trustBundlePem,
        givenTrustPem: trustBundlePem,
        identity: trustBundlePem === undefined ? undefined : identityOf(owner),
      };
    },
  };
}

/** Its class says nothing of what changes it, so it is known by its public keys alone. */
function identityOf(owner: ICertificateAuthority): AuthorityIdentity {
  const keys = joined(owner.spkiPinsSha256);
  return { description: "a CA of another class", ...(owner.canIssue ? { key: keys } : { unplanned: keys }) };
}

function joined(pins: string[]): string {
  return pins.every(isKnown) ? pins.join(",") : Fn.join(",", pins);
}
