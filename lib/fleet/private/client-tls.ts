import type { Construct } from "constructs";

import { ClientAuthentication } from "../../command/client-authentication";
import type { ClientTls } from "../../host/client-tls";
import type {
  ICertificateAuthority,
  IIssuingCertificateAuthority,
} from "../../certificate/issuing-certificate-authority";
import type { Problems } from "../../private/problems";
import type { ExternalFleetTlsProps } from "../external-fleet-tls-props";
import type { MutualFleetTlsProps } from "../mutual-fleet-tls-props";
import type { FleetAuthorities } from "./authorities";
import type { FleetParts } from "./fleet-parts";
import { AGENT_CA, FLEET_ES_CA } from "./authority-role";
import { authorityRecord, isSystemTrust } from "../../authority/records";
import type { CertificateAuthoritySource } from "../../authority/certificate-authority-source";
import { isListed } from "../../authority/create-authority";
import { checkPublicElasticsearch } from "../../host/public-elasticsearch";

/**
 * Creates the agent CA of a fleet whose Fleet Server runs elsewhere, if agents present client certificates. Whoever
 * verifies them gets its certificates by an output.
 */
export function createExternalClientTls(
  { authorities, outputs, problems }: FleetParts,
  elasticsearchCa: IIssuingCertificateAuthority,
  props: ExternalFleetTlsProps,
): ClientTls | undefined {
  const { agentKeyPassphrase, intermediatePerStack, acceptAnyClientOf = [], elasticsearchClientCertificates } = props;
  if (!props.agentCa) {
    checkNoClients(problems, props);
    return undefined;
  }
  const agentCa = authorities.create(AGENT_CA, props.agentCa, { intermediatePerStack });
  const fleet = agentCa.node.scope as Construct;
  checkClientCa(problems, "agentCa", agentCa, acceptAnyClientOf);
  checkPublicElasticsearch(problems, elasticsearchCa, { elasticsearchClientCertificates });
  authorityRecord(agentCa).addVerifierElsewhere({
    name: `${fleet.node.path}/elsewhere`,
    title: "the Fleet Server elsewhere, or the proxy in front of it",
    output: "agent-ca-certificates",
    reload: "A running Fleet Server needs a restart for it.",
  });
  if (agentCa.trustBundlePem !== undefined) {
    outputs.add(fleet, "agent-ca-certificates", agentCa.trustBundlePem, {
      description: "CA certificates by which a Fleet Server elsewhere, or a proxy in front of it, verifies the agents",
    });
  }
  const isForElasticsearch = elasticsearchClientCertificates === true && !isSystemTrust(elasticsearchCa);
  return {
    agentCa,
    agentKeyPassphrase,
    elasticsearchClientIssuer: isForElasticsearch ? agentCa : undefined,
    elasticsearchClientCas: isForElasticsearch ? [agentCa] : [],
  };
}

/** Refuses options of client certificates that would have no effect. */
function checkNoClients(problems: Problems, props: ExternalFleetTlsProps): void {
  const { agentKeyPassphrase, intermediatePerStack, acceptAnyClientOf, elasticsearchClientCertificates } = props;
  const given = { agentKeyPassphrase, intermediatePerStack, acceptAnyClientOf, elasticsearchClientCertificates };
  for (const [prop, value] of Object.entries(given)) {
    if (value !== undefined && value !== false) {
      problems.add(prop, {
        what: "is given without an agentCa, so agents present no client certificate",
        allowed: "an agentCa, or no option of client certificates",
        fix: `add agentCa: CertificateAuthoritySource.generated(), or remove ${prop}`,
      });
    }
  }
}

/** The CAs of a fleet's server certificates. */
interface ServerCas {
  readonly fleetCa: IIssuingCertificateAuthority;
  readonly elasticsearchCa: IIssuingCertificateAuthority;
}

/** Creates the agent CA of a mutual fleet, and decides which CAs issue and accept client certificates. */
export function createClientTls(
  problems: Problems,
  authorities: FleetAuthorities,
  { fleetCa, elasticsearchCa }: ServerCas,
  props: MutualFleetTlsProps,
): ClientTls {
  const { fleetEsIssuer, oneCertificatePerFleetServer, acceptAnyClientOf = [] } = props;
  const { elasticsearchClientCertificates: takesClients } = props;
  if (props.clientAuthentication === ClientAuthentication.NONE) {
    problems.add("clientAuthentication", {
      what: "asks agents for no certificate, and then no client certificate has an effect",
      got: "ClientAuthentication.NONE",
      allowed: "ClientAuthentication.REQUIRED, or OPTIONAL while agents move over",
      fix: "leave it out, or use OneWayFleetTls at the same id",
    });
  }
  const agentCa = authorities.create(AGENT_CA, props.agentCa, {
    intermediatePerStack: props.intermediatePerStack,
  });
  checkClientCa(problems, "fleetCa", fleetCa, acceptAnyClientOf);
  checkClientCa(problems, "agentCa", agentCa, acceptAnyClientOf);
  checkPublicElasticsearch(problems, elasticsearchCa, { fleetEsIssuer });
  if (fleetEsIssuer) {
    checkClientCa(problems, "fleetEsIssuer", fleetEsIssuer, acceptAnyClientOf);
    authorities.add(FLEET_ES_CA, fleetEsIssuer);
  }
  if (fleetEsIssuer && takesClients === false) {
    problems.add("fleetEsIssuer", {
      what: "is given, but elasticsearchClientCertificates is false: Fleet Servers present no certificate to Elasticsearch",
      allowed: "either fleetEsIssuer or elasticsearchClientCertificates: false",
      fix: "remove one of them",
    });
  }
  if (fleetEsIssuer && oneCertificatePerFleetServer) {
    problems.add("fleetEsIssuer", {
      what: "is given, but the fleet CA issues each Fleet Server's one certificate",
      allowed: "either fleetEsIssuer or oneCertificatePerFleetServer",
      fix: "remove one of them",
    });
  }
  const { agentKeyPassphrase, outputClientCertificates } = props;
  const shared = { agentCa, agentKeyPassphrase, outputClientCertificates };
  checkPublicElasticsearch(problems, elasticsearchCa, { elasticsearchClientCertificates: takesClients });
  if (isSystemTrust(elasticsearchCa) || takesClients === false) {
    // With a public CA, any TLS setting would turn Fleet Server's check of the name off.
    return { ...shared, elasticsearchClientCas: [] };
  }
  const canElasticsearchCaIssue = elasticsearchCa.canIssue && isAcceptable(elasticsearchCa, acceptAnyClientOf);
  const elasticsearchClientIssuer =
    fleetEsIssuer ?? (oneCertificatePerFleetServer ? fleetCa : canElasticsearchCaIssue ? elasticsearchCa : agentCa);
  const further = (props.furtherFleetEsIssuers ?? []).map((each) =>
    each._among({ elasticsearch: elasticsearchCa, agent: agentCa, fleet: fleetCa }),
  );
  further.forEach((ca, index) => checkClientCa(problems, `furtherFleetEsIssuers[${index}]`, ca, acceptAnyClientOf));
  return {
    ...shared,
    elasticsearchClientIssuer,
    // Agents' outputs present their agent certificate, so its CA is there in any case.
    elasticsearchClientCas: [...new Set([elasticsearchClientIssuer, agentCa, ...further])],
  };
}

/**
 * Refuses a CA whose clients would be admitted although it issues certificates to others. The fleet CA is one of them:
 * Fleet Server verifies agents with the same list by which its own agent verifies Fleet Server.
 */
function checkClientCa(
  problems: Problems,
  prop: string,
  ca: ICertificateAuthority,
  accepted: CertificateAuthoritySource[],
): void {
  if (isSystemTrust(ca)) {
    problems.add(prop, {
      what: "is the operating system's trust store, so any public CA could issue accepted client certificates",
      allowed: "in mutual mode a CA of your own",
      fix: "give a CA that issues certificates for this role alone",
    });
  } else if (!isAcceptable(ca, accepted)) {
    problems.add(prop, {
      what: "also issues certificates to others, and every client certificate that it ever issued would be admitted",
      allowed: "a generated CA, a given one with dedicated: true, or an intermediate for this role alone as the anchor",
      fix:
        "use CertificateAuthoritySource.intermediate({ issuer, anchor: true }) below it, set dedicated: true if it issues " +
        "certificates for this role alone, or list its source in acceptAnyClientOf",
    });
  }
}

function isAcceptable(ca: ICertificateAuthority, accepted: CertificateAuthoritySource[]): boolean {
  return !authorityRecord(ca).signsForOthers || isListed(ca, accepted);
}
