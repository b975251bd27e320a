import type { Construct } from "constructs";

import { Certificate } from "../certificate/certificate";
import type { CertificateAuthority } from "../authority/certificate-authority";
import type { IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import { CertificateUsage } from "../certificate/certificate-usage";
import { ClientAuthentication } from "../command/client-authentication";
import type { ClientTls } from "../host/client-tls";
import { FleetTls } from "./fleet-tls";
import type { FleetTlsProps } from "./fleet-tls-props";
import type { HostOptions } from "../host/host-options";
import type { KeyPassphrase } from "../certificate/key-passphrase";
import { resolveHostOptions } from "../host/private/setup";
import { renewalOf } from "../certificate/private/renewal/of-options";

/** What a mutual fleet is made of. */
export interface MutualFleetTlsProps extends FleetTlsProps {
  /**
   * The CA that signs what agents present, the Fleet Servers' own agents included. Emitted as
   * `--certificate-authorities` of Fleet Servers, beside the fleet CA: the clients of both are admitted.
   *
   * @default CertificateAuthoritySource.generated()
   */
  readonly agentCa?: CertificateAuthoritySource;

  /**
   * What Fleet Server asks of the agents that connect to it. Emitted as `--fleet-server-client-auth`. Since 8.13.
   *
   * @default ClientAuthentication.REQUIRED
   */
  readonly clientAuthentication?: ClientAuthentication;

  /**
   * Encrypt every agent's private key. Emitted as `--elastic-agent-cert-key-passphrase`, a path. Since 8.16.
   *
   * @default - keys are plain
   */
  readonly agentKeyPassphrase?: KeyPassphrase;

  /**
   * Sources of a `fleetCa` whose every client may connect. Fleet Server checks agents against the list that its own
   * agent trusts it by, so with a fleet CA that also signs for others, each client certificate that it ever signed opens
   * the door. The cure is an intermediate for this purpose alone, as the anchor:
   * `CertificateAuthoritySource.intermediate({ issuer, anchor: true })`.
   *
   * @default - a fleet CA that signs for others is refused
   */
  readonly acceptAnyClientOf?: CertificateAuthoritySource[];

  /**
   * The CA that signs what Fleet Servers present to Elasticsearch.
   *
   * @default - the Elasticsearch CA, or the agent CA where that one cannot issue
   */
  readonly fleetEsIssuer?: CertificateAuthority;

  /**
   * Whether agents of other stacks are signed for by an intermediate of their stack, so that the agent CA's key stays in
   * this stack's state.
   *
   * @default false - Terraform copies the agent CA's key into the state of every stack with agents
   */
  readonly intermediatePerStack?: boolean;

  /**
   * Whether each Fleet Server has one certificate for all of its roles, signed by the fleet CA, as ECK does it.
   *
   * @default false - one for each role
   */
  readonly oneCertificatePerFleetServer?: boolean;
}

/**
 * Mutual TLS: besides what a one-way fleet does, agents prove themselves to Fleet Server, and Fleet Server and agents
 * prove themselves to Elasticsearch.
 *
 * @see https://www.elastic.co/guide/en/fleet/current/tls-overview.html
 */
export class MutualFleetTls extends FleetTls {
  public readonly clientTls?: ClientTls;

  /** The CA of what agents present. */
  public readonly agentCa: IIssuingCertificateAuthority;

  private readonly agentDefaults: MutualFleetTlsProps;

  constructor(scope: Construct, id: string, props: MutualFleetTlsProps) {
    super(scope, id, props);
    this.agentDefaults = props;
    this.checkFleetCa(props);
    const agentCa = this.createCertificateAuthority("agent-ca", "Agent CA", props.agentCa, props.intermediatePerStack);
    this.agentCa = agentCa;
    const isOne = props.oneCertificatePerFleetServer ?? false;
    this.checkIssuers(props);
    const fleetEsIssuer =
      props.fleetEsIssuer ?? (isOne ? this.fleetCa : this.elasticsearchCa.canIssue ? this.elasticsearchCa : agentCa);
    this.clientTls = {
      clientAuthentication: props.clientAuthentication ?? ClientAuthentication.REQUIRED,
      agentCa,
      agentKeyPassphrase: props.agentKeyPassphrase,
      fleetEsIssuer,
      // Agents' outputs present their agent certificate, so its CA is there in any case.
      elasticsearchClientCas: [...new Set([fleetEsIssuer, agentCa])],
      oneCertificatePerFleetServer: isOne,
    };
    this.createDefaultHosts();
  }

  /**
   * Makes a certificate that several agents present, such as all those of one policy.
   *
   * @param id the certificate's id, and its common name
   * @param options the algorithm of its key, its validity and its key's rotation; nothing else of a host applies
   */
  public addAgentCertificate(id: string, options: HostOptions = {}): Certificate {
    const { keyAlgorithm } = resolveHostOptions(options, this.agentDefaults);
    return new Certificate(this.childScope("agent-certificates"), id, {
      issuer: this.agentCa,
      commonName: id,
      usage: CertificateUsage.CLIENT,
      keyAlgorithm,
      ...renewalOf("agentCert", options, this.agentDefaults),
      keyPassphrase: this.agentDefaults.agentKeyPassphrase,
    });
  }

  private checkIssuers({ fleetEsIssuer, oneCertificatePerFleetServer, agentCa }: MutualFleetTlsProps): void {
    if (fleetEsIssuer && oneCertificatePerFleetServer) {
      this._faults.add("fleetEsIssuer", {
        what: "is given, where the fleet CA signs each Fleet Server's one certificate",
        allowed: "either fleetEsIssuer or oneCertificatePerFleetServer",
        fix: "leave one of them out",
      });
    }
    if (agentCa && this.agentCa.trustBundlePem === undefined && this.agentCa.trustHostPath === undefined) {
      this._faults.add("agentCa", {
        what: "is that of the operating system, whose every CA would then vouch for agents",
        allowed: "in mutual mode a CA of your own",
        fix: "give the CA that signs what agents present, best one for this purpose alone",
      });
    }
    if (fleetEsIssuer) {
      this._watchAuthority("fleet-es-issuer", fleetEsIssuer);
    }
  }

  /** One list of CAs has two jobs: what the host's agent trusts, and whose clients Fleet Server admits. */
  private checkFleetCa({ fleetCa, acceptAnyClientOf }: MutualFleetTlsProps): void {
    if (this.fleetCa.trustBundlePem === undefined && this.fleetCa.trustHostPath === undefined) {
      this._faults.add("fleetCa", {
        what: "is that of the operating system, whose every CA would then vouch for agents",
        allowed: "in mutual mode a CA of your own",
        fix: "give the CA that signs fleet-cert, best one for this purpose alone",
      });
    } else if (this.fleetCa._signsForOthers && !(fleetCa && acceptAnyClientOf?.includes(fleetCa))) {
      this._faults.add("fleetCa", {
        what: "signs for others too, so every client certificate that it ever signed would be admitted as an agent",
        allowed: "a generated CA, or an intermediate for this purpose alone as the anchor",
        fix:
          "use CertificateAuthoritySource.intermediate({ issuer, anchor: true }) below it, " +
          "or list the source in acceptAnyClientOf",
      });
    }
  }
}
