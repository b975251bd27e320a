import type { Construct } from "constructs";

import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import { InputError } from "../../private/problems";
import type { HostFile } from "../host-file";

/** Contents of some files by their names, for a construct in any stack. */
export function contentsOf(files: HostFile[], isSensitive: boolean, scope: Construct): { [name: string]: string } {
  const wanted = files.filter((file) => file.isSensitive === isSensitive);
  return Object.fromEntries(wanted.map((file) => [file.name, file.contentFor(scope)]));
}

/** Certificates of a CA whose text Terraform knows; others cannot be part of a file. */
export function requireBundle(files: Construct, name: string, authority: ICertificateAuthority): string {
  if (authority.trustBundlePem === undefined) {
    throw new InputError([
      {
        where: `${files.node.path}: ${name}`,
        what: `cannot be put together, since Terraform does not know the certificate of ${authority.node.path}`,
        allowed: "CAs whose source gives their PEM",
        fix: "use CertificateAuthoritySource.trustOnly({ file }) or ({ pem }) for that CA",
      },
    ]);
  }
  return authority.trustBundlePem;
}
