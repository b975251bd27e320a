import { DataLocalCommand } from "@cdktf/provider-local/lib/data-local-command";
import { Fn, TerraformLocal, Token } from "cdktf";
import type { Construct } from "constructs";

import type { CertificateRequestOptions } from "../certificate-source";
import { InputError } from "../../private/problems";
import { projectPathArgument } from "../../private/paths";
import { programPath } from "../../private/program";
import { textExpression } from "../../private/terraform/given-text";
import { expression, isKnown } from "../../private/terraform/text";
import { readRequest } from "../../private/given/read-request";

/** A request that can be signed. */
export interface SignableRequest {
  readonly requestPem: string;
  /** 1 once the request is there, 0 before; absent where it is there for certain. */
  readonly count?: number;
}

/** Requirements for a request. */
export interface RequestedLeaf {
  readonly commonName: string;
  readonly names: string[];
  /** Usages of the certificate, in OpenSSL's words. */
  readonly extendedKeyUsages: string[];
  /** The algorithm that its key has to be of: `RSA`, `EC` or `Ed25519`. */
  readonly keyAlgorithm: string;
}

/** A request whose key stays on its host, checked at synth where its text is known, else at plan. */
export function hostRequest(
  scope: Construct,
  options: CertificateRequestOptions,
  leaf: RequestedLeaf,
): SignableRequest {
  const { pem, file } = options;
  const what = `${scope.node.path}: the certificate request${file === undefined ? "" : ` (${file})`}`;
  if (pem !== undefined && [pem, leaf.commonName, ...leaf.names].every(isKnown)) {
    return { requestPem: readNow(what, pem, leaf) };
  }
  const text = textExpression(options);
  const count =
    file === undefined ? undefined : Token.asNumber(Fn.conditional(Fn.fileexists(projectPathArgument(file)), 1, 0));
  const command = new DataLocalCommand(scope, "read-request", {
    command: "node",
    arguments: [programPath(scope, "read-request")],
    stdin: Fn.jsonencode({
      what: expression(what),
      pem: text,
      commonName: expression(leaf.commonName),
      names: leaf.names.map(expression),
      extendedKeyUsages: leaf.extendedKeyUsages,
      keyAlgorithm: leaf.keyAlgorithm,
    }),
    count,
  });
  if (count === undefined) {
    return { requestPem: command.stdout };
  }
  const read = new TerraformLocal(
    scope,
    "request",
    `\${one(data.local_command.${command.friendlyUniqueId}[*].stdout)}`,
  );
  return { requestPem: read.asString, count };
}

function readNow(what: string, pem: string, leaf: RequestedLeaf): string {
  const reading = readRequest({ pem, ...leaf });
  if (reading.pem === undefined) {
    const allowed = "a request for this host's names, signed by its own key";
    throw new InputError(reading.problems.map((problem) => ({ ...problem, where: what, allowed })));
  }
  return reading.pem;
}
