import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import type { CertificateProps } from "../certificate/certificate";
import { Certificate } from "../certificate/certificate";
import { CertificateUsage } from "../certificate/certificate-usage";
import type { ICertificateAuthority, IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import { renewalOf } from "../certificate/renewal-of";
import { ClientAuthentication } from "../command/client-authentication";
import { checkProps, pathOf } from "../private/check-props";
import { Problems } from "../private/problems";
import type { HostReload, HostSettings } from "./fleet-host";
import { HostBase } from "./host-base";
import type { HostFiles } from "./host-files";
import { groupIn } from "../private/terraform/group";
import { FleetServerHosts } from "./fleet-server-hosts";
import { HostKind } from "./host-kind";
import { hostDirectoryPreconditions } from "./private/directory";
import type { Pair } from "./private/pair";
import { createPair } from "./private/pair";
import { checkClients, checkIssuer, checkSource } from "./private/proxy/checks";
import { clientCasOf, upstreamIssuer } from "./private/proxy/client-tls";
import type { ProxyEndpoints } from "./private/proxy/endpoints";
import { checkEndpoints, checkHostDirectory, proxyPreconditions } from "./private/proxy/endpoints";
import { configurationOf } from "./private/proxy/files";
import { declaredFleetServerHosts } from "./private/settings/kibana-settings";
import { yamlDocument } from "./private/settings/yaml";
import { checkRoots } from "./private/root";
import { checkNames, createHostFiles, resolveHostOptions } from "./private/setup";
import { ProxySoftware } from "./proxy-software";
import { ProxyTarget } from "./proxy-target";
import type { ReverseProxyProps } from "./reverse-proxy-options";

/** File of Kibana's Fleet Server host with the proxy's URL. */
export const FLEET_SERVER_HOST_FILE = "kibana-fleet-server-host.yml";

/**
 * Reverse proxy that ends TLS in front of Fleet Server or Elasticsearch: its certificates, and a configuration for nginx,
 * HAProxy or Envoy. `fleet.addProxy` creates one.
 *
 * @example
 * const edge = fleet.addProxy("edge", { url: "https://fleet-proxy.example.com:8220" });
 * fleet.addAgent("branch", { fleetServerProxy: edge });
 */
export class ReverseProxy extends HostBase {
  /** The host's files. */
  public readonly files: HostFiles;

  /** Server that the proxy forwards to. */
  public readonly target: ProxyTarget;

  /** URL that clients dial. */
  public readonly url: string;

  /** Fleet Server hosts in Kibana with the proxy's URL, if it is in front of Fleet Server. */
  public readonly fleetServerHosts?: FleetServerHosts;

  /** CA that clients verify the proxy's certificate with. */
  public readonly ca: IIssuingCertificateAuthority;

  /** CA that the proxy verifies the server behind it with. @internal */
  public readonly _upstreamCa: ICertificateAuthority;

  /** Program that the configuration is for. */
  public readonly proxySoftware: ProxySoftware;

  /** Client certificates that the proxy asks for. */
  public readonly clientAuthentication: ClientAuthentication;

  /** The server certificate, unless the pair already exists on the host. */
  public readonly certificate?: Certificate;

  /** The client certificate towards the server behind the proxy, if that asks for one. */
  public readonly upstreamCertificate?: Certificate;

  /** The program's configuration. It contains no secret. A Terraform token. */
  public readonly configuration: string;

  private readonly kibanaSettings?: string;

  constructor(scope: Construct, id: string, props: ReverseProxyProps) {
    const { fleet, ca } = checkProps(pathOf(scope, id), "ReverseProxyProps", props);
    super(scope, id, fleet, HostKind.PROXY);
    const problems = new Problems(this.node.path);
    const { target = ProxyTarget.FLEET_SERVER, proxySoftware = ProxySoftware.NGINX, names = [] } = props;
    this.target = target;
    this.proxySoftware = proxySoftware;
    this.ca = ca;
    const { platform, keyAlgorithm } = resolveHostOptions({ keyAlgorithm: props.keyAlgorithm }, fleet.hostDefaults);
    const location = { platform, hostDirectory: props.hostDirectory ?? proxySoftware.defaultHostDirectory };
    const endpoints = checkEndpoints(problems, fleet, props);
    this.url = endpoints.url;
    checkHostDirectory(problems, location.hostDirectory, platform);
    const clientCas = clientCasOf(fleet, target);
    this.clientAuthentication = checkClients(problems, clientCas, props.clientAuthentication);
    checkSource(problems, proxySoftware, props.certificate);
    checkIssuer(problems, fleet, target, ca);
    const upstreamCa =
      props.upstreamCa ?? (target === ProxyTarget.FLEET_SERVER ? fleet.fleetServerTrust : fleet.elasticsearchCa);
    this._upstreamCa = upstreamCa;
    const asksForClients = this.clientAuthentication !== ClientAuthentication.NONE;
    this.files = createHostFiles(problems, this, fleet, location, [
      ...checkNames(problems, this, names),
      ...hostDirectoryPreconditions(this, location),
      ...proxyPreconditions(this, endpoints),
      ...checkRoots(problems, this, proxySoftware.id, {
        upstreamCa: [upstreamCa],
        "the clients' CA": asksForClients ? clientCas : [],
      }),
    ]);
    problems.throwIfAny();

    const shared = { commonName: id, keyAlgorithm, ...renewalOf("fleetCert", props, fleet.hostDefaults) };
    const server = this.createPair("proxy-cert", {
      ...shared,
      issuer: ca,
      usage: CertificateUsage.SERVER,
      names: [...new Set([endpoints.host, ...this.formerHosts(props), ...names])],
      source: props.certificate,
    });
    this.certificate = server.certificate;
    const issuer = upstreamIssuer(fleet, target, upstreamCa);
    const client = issuer && this.createPair("upstream-cert", { ...shared, issuer, usage: CertificateUsage.CLIENT });
    this.upstreamCertificate = client?.certificate;
    this.configuration = this.writeConfiguration(endpoints, props, { clientCas, upstreamCa }, server, client);
    if (target === ProxyTarget.FLEET_SERVER) {
      this.fleetServerHosts = problems.collectOrThrow(
        () => new FleetServerHosts(groupIn(fleet, "fleet-server-hosts"), id, { fleet, urls: [this.url], proxy: this }),
      );
      const declared = declaredFleetServerHosts([this.fleetServerHosts], false);
      const settings = yamlDocument({ "xpack.fleet.fleetServerHosts": declared });
      this.kibanaSettings = new TerraformLocal(this, "kibana-settings", settings).asString;
      this.files.addPublic(FLEET_SERVER_HOST_FILE, this.kibanaSettings);
    }
    fleet.addHost(this);
  }

  /** The program's configuration, and Kibana's Fleet Server host. */
  public get settingsFiles(): HostSettings[] {
    return [
      ...(this.kibanaSettings === undefined
        ? []
        : [
            {
              title: "For Kibana, before the first agent enrolls through the proxy",
              file: FLEET_SERVER_HOST_FILE,
              text: this.kibanaSettings,
              hint:
                "Add this Fleet Server host in Fleet > Settings, or in `kibana.yml`, and select it in the agents' policy: " +
                "agents go to the policy's URL with their first check-in.",
            },
          ]),
      {
        title: `For ${this.proxySoftware.id}`,
        file: configurationOf(this.proxySoftware).file,
        text: this.configuration,
        hint: "Copy the folder, include the file, and reload the program.",
      },
    ];
  }

  /** How the proxy applies changed files. */
  public get reload(): HostReload {
    const { id } = this.proxySoftware;
    return this.proxySoftware === ProxySoftware.ENVOY
      ? { isAutomatic: false, instruction: "Restart Envoy.", command: "sudo systemctl restart envoy" }
      : {
          isAutomatic: false,
          instruction: `Reload ${id}: \`sudo systemctl reload ${id}\`. Open connections are kept.`,
          afterCopy: "reload",
          command: `sudo systemctl reload ${id}`,
        };
  }

  private createPair(role: string, props: CertificateProps): Pair {
    // A client that goes by the fingerprint of Elasticsearch's CA looks for that CA in what the server presents.
    const withAnchor = props.usage === CertificateUsage.SERVER && this.target === ProxyTarget.ELASTICSEARCH;
    if (this.proxySoftware !== ProxySoftware.HAPROXY) {
      return createPair(this, this.files, role, props, withAnchor);
    }
    const certificate = new Certificate(this, role, props);
    return {
      certificate,
      certificatePath: this.files.addCertificate(`${role}.pem`, certificate, withAnchor).hostPath,
      keyPath: this.files.addSecret(`${role}.pem.key`, certificate.privateKeyPem as string).hostPath,
    };
  }

  private writeConfiguration(
    endpoints: ProxyEndpoints,
    props: ReverseProxyProps,
    { clientCas, upstreamCa }: { clientCas: ICertificateAuthority[]; upstreamCa: ICertificateAuthority },
    server: Pair,
    client: Pair | undefined,
  ): string {
    const asksForClients = this.clientAuthentication !== ClientAuthentication.NONE;
    const proxy = {
      name: this.node.id,
      host: endpoints.host,
      port: endpoints.port,
      certificatePath: server.certificatePath,
      keyPath: server.keyPath,
      clientCaPath: asksForClients ? this.files.addTrustBundle("client-ca.pem", clientCas) : undefined,
      clientAuthentication: this.clientAuthentication,
      upstreamHost: endpoints.upstreamHost,
      upstreamPort: endpoints.upstreamPort,
      upstreamCaPath:
        this.files.addTrust("upstream-ca.pem", upstreamCa) ??
        props.systemCaFile ??
        "/etc/ssl/certs/ca-certificates.crt",
      upstreamCertificatePath: client?.certificatePath,
      upstreamKeyPath: client?.keyPath,
    };
    const { file, write } = configurationOf(this.proxySoftware);
    const local = new TerraformLocal(this, "configuration", write(proxy)).asString;
    this.files.addPublic(file, local);
    return local;
  }

  /** Names by which clients dialled Elasticsearch before its URL changed; they found the proxy there. */
  private formerHosts({ fleet, url }: ReverseProxyProps): string[] {
    return this.target === ProxyTarget.ELASTICSEARCH && url === undefined ? (fleet.formerElasticsearchHosts ?? []) : [];
  }
}
