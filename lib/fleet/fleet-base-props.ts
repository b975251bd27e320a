import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { EnrollmentToken } from "../host/enrollment-token";
import type { HostOptions } from "../host/host-options";
import type { FormerUrls } from "./former-urls";

/** Properties of every fleet. */
export interface FleetBaseProps extends HostOptions {
  /**
   * URL by which agents reach Fleet Server, with its port: https only. Emitted as `--url`, so it must be reachable when an
   * agent enrolls; its host is a name of every Fleet Server's certificate. The first URL of the default Fleet Server hosts.
   * May be a Terraform token.
   */
  readonly fleetServerUrl: string;

  /**
   * Further URLs of the default Fleet Server hosts, after `fleetServerUrl`, such as one of each Fleet Server where no load
   * balancer is in front of them. Kibana gives all of them to running agents, which try them in turn; their hosts are names
   * of every Fleet Server's certificate. Each may be a Terraform token.
   *
   * @default - none
   */
  readonly furtherFleetServerUrls?: string[];

  /**
   * URL of Elasticsearch: https only. Emitted as `--fleet-server-es` of Fleet Servers, and in the settings of agents'
   * outputs and of Kibana; its host is a name of the Elasticsearch certificate. Without a port, 9200 is used. May be a
   * Terraform token.
   */
  readonly elasticsearchUrl: string;

  /**
   * Former URLs of a live fleet. Their names stay in the certificates until their entry goes, so that hosts can move to
   * the new URL one after the other. A deploy that drops a URL without this is refused.
   *
   * @default - none
   */
  readonly formerUrls?: FormerUrls;

  /**
   * First part of the ids and names of the fleet's outputs and Fleet Server hosts in Kibana, such as `PREFIX-fleet-server`.
   * Another prefix makes new objects in Kibana. Fleets of different apps that share a Kibana need different prefixes.
   *
   * @default - the construct's path, with a hyphen for each slash, e.g. `production-fleet`
   */
  readonly kibanaIdPrefix?: string;

  /**
   * Operator confirmations of changes that running hosts must be prepared for: other paths, platforms or key encryption of a host,
   * and names and URLs that no host uses any more. Each entry is printed by the refusal of its change and names the host
   * and the new values, so it opens nothing else.
   *
   * @default - none
   */
  readonly confirmedChanges?: string[];

  /**
   * Source of the agents' enrollment token, unless an agent has its own: tokens belong to policies. Emitted as
   * `--enrollment-token`.
   *
   * @default - every agent must name its own
   */
  readonly agentEnrollmentToken?: EnrollmentToken;

  /**
   * CA of the server certificates that agents with `serverNames` get for inputs that listen on their hosts. Applications
   * that connect to the inputs must trust it: the output `FLEET-input-ca-certificates` contains its certificates.
   *
   * @default CertificateAuthoritySource.generated() - created for the first agent with `serverNames`
   */
  readonly inputCa?: CertificateAuthoritySource;

  /**
   * Directory into which Terraform writes the hosts' folders, on the machine that runs it: a staging area. A relative path
   * is relative to the folder that contains the app's `cdktf.out`.
   *
   * @default - `fleet-tls/` and the construct's path
   */
  readonly outputDirectory?: string;

  /**
   * Write the hosts' folders to the disk of the machine that runs Terraform. Without them, pass each file's content
   * (`host.files.publicContents`, `sensitiveContents`) to a secret store such as Vault or a Kubernetes secret. Keys are in
   * Terraform's state in either case.
   *
   * @default true
   */
  readonly writeFiles?: boolean;

  /**
   * Create Terraform outputs for the commands.
   *
   * @default true
   */
  readonly outputs?: boolean;

  /**
   * Output every certificate's expiry, serial number, fingerprint and pin, for monitoring. Terraform then runs one Node
   * program for each stack on every plan.
   *
   * @default false
   */
  readonly certificateOutputs?: boolean;

  /**
   * Also pin the fleet CA's public key, one pin for each generation. Emitted as `--ca-sha256`. A renewed CA keeps its pin.
   * A container cannot have one.
   *
   * @default false
   */
  readonly pinFleetCa?: boolean;

  /**
   * Write an operator page, `index.html` in the output directory: the trust diagram, each host's files and expiry, and the
   * commands and settings to copy, without a secret. Terraform runs a Node program that renders it, and stores it in its
   * state.
   *
   * @default false
   */
  readonly operatorPage?: boolean;
}
