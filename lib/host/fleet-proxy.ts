import type { Precondition, TerraformResource } from "cdktf";
import { Fn, Lazy, TerraformLocal } from "cdktf";
import { Construct } from "constructs";

import { isSystemTrust } from "../authority/records";
import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import { PROXY_URL, shapePattern } from "../command/data/flag-shapes";
import { checkArguments, checkProps, pathOf } from "../private/check-props";
import { outputPathOf, projectPath } from "../private/paths";
import { InputError, Problems, quoted } from "../private/problems";
import { hostId } from "../private/terraform/host-id";
import { expression, isKnown, literalArgument } from "../private/terraform/text";
import { createPublicFile } from "../private/terraform/written-file";
import type { FleetProxyProps } from "./fleet-proxy-options";
import type { IFleetTls } from "./ifleet-tls";
import { kibanaId } from "./kibana-id";
import { FleetList } from "./private/fleet-list";
import type { YamlMap } from "./private/settings/yaml";
import { jsonDocument } from "./private/settings/yaml";

const PROXIES = new FleetList<FleetProxy>();

/** URL of a proxy without a user and a password, as Terraform's functions read it. */
const PATTERN = PROXY_URL.pattern.replace("[^/?#", "[^/?#@");

/**
 * Kibana's *Fleet proxy*: a forward proxy (CONNECT) through which agents reach what names it. `fleet.addFleetProxy`
 * creates one.
 *
 * Kibana writes the CA of a Fleet proxy over the agents' CAs for Fleet Server. So the object has none for Fleet Server
 * hosts and outputs: the agents' commands and the outputs' own lists contain the proxy's CA in addition to the server's. In
 * a download source Kibana replaces all of `ssl`: there the object contains both CAs.
 *
 * @example
 * const ca = CertificateAuthoritySource.trustOnly({ file: "pki/proxy-ca.pem" });
 * const fleetProxy = fleet.addFleetProxy("branch", { url: "https://proxy.example.com:3128", ca });
 * const fleetServerHosts = fleet.addFleetServerHosts("branch", { urls: ["https://fleet.example.com:8220"], fleetProxy });
 * fleet.addAgentPolicy("branch", { fleetServerHosts, dataOutput: fleet.addOutput("branch", { fleetProxy }) });
 */
export class FleetProxy extends Construct {
  /** Fleet proxies of a fleet. */
  public static of(fleet: IFleetTls): FleetProxy[] {
    checkArguments("FleetProxy.of", { fleet });
    return [...PROXIES.of(fleet)];
  }

  /** Id of the object in Kibana. */
  public readonly proxyId: string;

  /** Name of the object in Kibana. */
  public readonly name: string;

  /** URL of the proxy. */
  public readonly url: string;

  /** Headers of the proxy's CONNECT request by name. */
  public readonly proxyHeaders?: { [name: string]: string };

  /** CA of the proxy, unless it is one that the operating systems trust. */
  public readonly ca?: ICertificateAuthority;

  /**
   * The object as JSON, the body of Kibana's `POST /api/fleet/proxies`. It contains no secret. Also in the file
   * `fleet-proxies/ID.json` of the fleet's output directory. A Terraform token.
   */
  public readonly settings: string;

  /** The file with the settings. @internal */
  public readonly _file: TerraformResource;

  private readonly users: { readonly user: Construct; readonly title: string }[] = [];
  private downloads?: { readonly source: Construct; readonly authority: () => string | undefined };

  constructor(scope: Construct, id: string, props: FleetProxyProps) {
    const { fleet, ca } = checkProps(pathOf(scope, id), "FleetProxyProps", props);
    super(scope, hostId(scope, id));
    const problems = new Problems(this.node.path);
    this.url = props.url;
    this.proxyHeaders = props.proxyHeaders;
    this.ca = ca === undefined || isSystemTrust(ca) ? undefined : ca;
    checkUrl(problems, this.url);
    checkHeaders(problems, props.proxyHeaders);
    problems.throwIfAny();
    this.proxyId = problems.collectOrThrow(() => kibanaId(fleet, this, "Fleet proxy", id));
    this.name = `${fleet.kibanaIdPrefix} ${id}`;
    this.settings = new TerraformLocal(
      this,
      "settings",
      // Download sources may be added later.
      Lazy.anyValue({ produce: () => jsonDocument(this._fields) }),
    ).asString;
    const path = outputPathOf(fleet, `fleet-proxies/${id}.json`);
    this._file = createPublicFile(this, "file", {
      ...{ path: path && projectPath(path), content: this.settings },
      preconditions: this.preconditions,
    });
    PROXIES.add(fleet, this);
    this.node.addValidation({ validate: () => this.mixedUses() });
  }

  /** The object as Kibana's settings and its API have it. @internal */
  public get _fields(): YamlMap {
    return {
      id: this.proxyId,
      name: this.name,
      url: this.url,
      proxy_headers: this.proxyHeaders,
      certificate_authorities: this.downloads?.authority(),
    };
  }

  /** What names the proxy in Kibana, in words. @internal */
  public get _users(): string[] {
    return this.users.map(({ title }) => title);
  }

  /**
   * Records what names the proxy in Kibana.
   *
   * @param title what it is in Kibana
   * @param authority CAs that Kibana's object has to contain, or their path on the hosts
   * @internal
   */
  public _addUser(user: Construct, title: string, authority?: () => string | undefined): void {
    this.users.push({ user, title });
    this.downloads ??= authority && { source: user, authority };
  }

  /** Refuses a proxy that is another fleet's, or whose CA would become the only one for a publicly trusted server. @internal */
  public _checkUse(
    problems: Problems,
    fleet: IFleetTls,
    server: string,
    serverCas: (ICertificateAuthority | undefined)[],
  ): void {
    if (!FleetProxy.of(fleet).includes(this)) {
      problems.add("fleetProxy", {
        what: "is a Fleet proxy of another fleet",
        got: this.node.path,
        allowed: `a Fleet proxy of ${fleet.node.path}`,
        fix: "create it with addFleetProxy of this fleet",
      });
    }
    if (this.ca !== undefined && serverCas.some((ca) => ca === undefined || isSystemTrust(ca))) {
      problems.add("fleetProxy", {
        what: `has a CA, but the CA of ${server} is system(): the proxy's CA would replace every public CA`,
        got: this.node.path,
        allowed: "a Fleet proxy whose CA the hosts' operating systems trust, or a server whose CA is given as a file",
        fix: `add the proxy's CA to the hosts' operating systems and remove ca of the Fleet proxy, or give the CA of ${server} by trustOnly({ file })`,
      });
    }
  }

  private get preconditions(): Precondition[] {
    const errorMessage = `${this.node.path}: url is not usable; write ${PROXY_URL.allowed}, without a user and a password`;
    return isKnown(this.url)
      ? []
      : [
          {
            condition: Fn.can(Fn.regex(literalArgument(PATTERN), expression(this.url))),
            errorMessage,
          },
        ];
  }

  /** The CA of a download source must not become that of Fleet Server. */
  private mixedUses(): string[] {
    return this.downloads === undefined || this.users.length < 2
      ? []
      : [
          new InputError([
            {
              where: `${this.downloads.source.node.path}: fleetProxy`,
              what: "is used by other objects too, to which Kibana would give the CAs of the download source",
              got: this.users.map(({ user }) => user.node.path).join(", "),
              allowed: "a Fleet proxy of its own for a download source with a CA",
              fix: "add another Fleet proxy with the same url and ca for the download source",
            },
          ]).message,
        ];
  }
}

function checkUrl(problems: Problems, url: string): void {
  if (!isKnown(url)) {
    return;
  }
  const hasUser = /^[a-z0-9]+:\/\/[^/]*@/i.test(url);
  if (hasUser || !shapePattern(PROXY_URL).test(url)) {
    problems.add("url", {
      what: hasUser ? "has a user or a password, which every user of Fleet could read" : "is not the URL of a proxy",
      got: hasUser ? undefined : quoted(url),
      allowed: PROXY_URL.allowed,
      fix: hasUser
        ? "remove them and admit the agents' addresses at the proxy, or use proxyUrl of the agents' commands without a Fleet proxy"
        : "write scheme, host and port",
    });
  }
}

const AUTHENTICATION = /authorization|cookie|token|secret|password|api-?key/i;

function checkHeaders(problems: Problems, headers: { [name: string]: string } = {}): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!isKnown(value) || AUTHENTICATION.test(name)) {
      problems.add(`proxyHeaders.${name}`, {
        what: "is a secret, or may be one, and every user of Fleet could read it",
        allowed: "headers without a secret",
        fix: "remove it and admit the agents' addresses at the proxy, or use proxyHeaders of the agents' commands without a Fleet proxy",
      });
    } else if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || /[\p{Cc}]/u.test(value)) {
      problems.add(`proxyHeaders.${name}`, {
        what: "is not an HTTP header",
        allowed: "a name of letters, digits and hyphens, and a value on one line",
        fix: "correct it",
      });
    }
  }
}
