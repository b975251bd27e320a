import type { Precondition } from "cdktf";
import { Fn, Op, Token } from "cdktf";
import type { Construct } from "constructs";

import type { CertificateAuthoritySource } from "../../authority/certificate-authority-source";
import { CertificateAuthoritySource as Source } from "../../authority/certificate-authority-source";
import { createAuthority } from "../../authority/create-authority";
import { authorityRecord, isSystemTrust } from "../../authority/records";
import type { IIssuingCertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { CertificateSource } from "../../certificate/certificate-source";
import type { KeyAlgorithm } from "../../certificate/key-algorithm";
import { ClientAuthentication } from "../../command/client-authentication";
import { checkName, nameCondition } from "../../private/names";
import { Problems, quoted } from "../../private/problems";
import { matches } from "../../private/terraform/hidden-condition";
import { expression, isKnown, literalArgument } from "../../private/terraform/text";
import type { IFleetTls } from "../ifleet-tls";
import type { HostKind } from "../host-kind";

interface ReceiverProps {
  readonly ca?: CertificateAuthoritySource;
  readonly certificate?: CertificateSource;
}

/** Creates the CA of a receiver's server certificate, at an address that does not depend on its source. */
export function createReceiverCa(
  problems: Problems,
  receiver: Construct & { readonly id: string; readonly kind: HostKind },
  fleet: IFleetTls,
  { ca: source = Source.generated(), certificate }: ReceiverProps,
  keyAlgorithm: KeyAlgorithm,
): IIssuingCertificateAuthority {
  const commonName = `${fleet.node.id} ${receiver.kind.title} ${receiver.id} CA`.slice(0, 60);
  const ca = problems.collectOrThrow(() => {
    const created = createAuthority(receiver, "ca", { source, commonName, keyAlgorithm });
    authorityRecord(created).addUsage("serverAuth");
    return created;
  });
  checkReceiverCa(problems, ca, certificate);
  return ca;
}

/** Refuses a certificate to be issued by a CA that cannot issue. One that exists on the host may be of any CA. */
export function checkReceiverCa(
  problems: Problems,
  ca: IIssuingCertificateAuthority,
  certificate: CertificateSource | undefined,
): void {
  if (!ca.canIssue && certificate !== undefined && certificate._onHost === undefined) {
    problems.add("certificate", {
      what: `would be issued, but its ca ${isSystemTrust(ca) ? "is system()" : "cannot issue"}`,
      allowed: "a certificate of a ca that can issue, or CertificateSource.onHost",
      fix: "set CertificateSource.onHost with the paths of the existing pair, leave it out, or give ca a source with a key",
    });
  }
}

/** CA whose clients a receiver admits, if it asks for client certificates. */
export function clientCaOf(
  { clientTls }: IFleetTls,
  clientAuthentication: ClientAuthentication,
): IIssuingCertificateAuthority | undefined {
  return clientAuthentication === ClientAuthentication.NONE ? undefined : clientTls?.agentCa;
}

/** Address and port of a receiver. */
export interface Endpoint {
  readonly host: string;
  /** Absent where only Terraform knows it. */
  readonly port?: number;
}

const ADDRESS = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]/\s]+)):([1-9][0-9]{0,4})$/;

/** Reads `host:port`, as an output of type logstash or kafka has it. */
export function parseEndpoint(problems: Problems, prop: string, text: string, allowsIpv6: boolean): Endpoint {
  if (!isKnown(text)) {
    const host = Fn.replace(expression(text), literalArgument("/^\\[?([^\\]]*?)\\]?:[0-9]+$/"), "$1");
    return { host: Token.asString(host) };
  }
  const [, ipv6, name, port] = ADDRESS.exec(text) ?? [];
  const host = ipv6 ?? name;
  if (host === undefined || Number(port) > 65_535 || (ipv6 !== undefined && !allowsIpv6)) {
    problems.add(prop, {
      what: text.includes("://")
        ? "has a scheme, which this type of output does not take"
        : ipv6 === undefined
          ? "is no host and port"
          : "is an IPv6 address, which Kibana refuses in an output of this type",
      got: quoted(text),
      allowed: "host:port without a scheme, such as receiver.example.com:5044",
      fix: "write the name or address by which agents dial it, a colon and the port",
    });
    return { host: "localhost" };
  }
  checkName(problems, prop, host);
  return { host, port: Number(port) };
}

/** 1 to 65535. */
const PORT = "(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

/** Preconditions for `host:port` where only Terraform knows it. */
export function endpointPreconditions(
  receiver: Construct,
  prop: string,
  texts: string[],
  allowsIpv6: boolean,
): Precondition[] {
  const ipv6 = allowsIpv6 ? "\\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\\]|" : "";
  return texts
    .filter((text) => !isKnown(text))
    .map((text) => ({
      condition: Op.and(
        matches(text, `^(?:${ipv6}[^:/\\[\\][:space:]]+):${PORT}$`),
        nameCondition(parseEndpoint(new Problems(prop), prop, text, allowsIpv6).host),
      ),
      errorMessage: `${receiver.node.path}: ${prop} is no host:port; write the name or address by which agents dial it, a colon and the port, without a scheme`,
    }));
}
