import { isIP } from "node:net";

import type { Precondition } from "cdktf";
import { Fn } from "cdktf";
import type { Construct } from "constructs";

import type { TargetPlatform } from "../../../command/target-platform";
import type { Problems } from "../../../private/problems";
import { quoted } from "../../../private/problems";
import { expression, isKnown, literalArgument } from "../../../private/terraform/text";
import { FLEET_SERVER_URL, parseUrl, urlCondition } from "../../../private/urls";
import type { IFleetTls } from "../../ifleet-tls";
import { ProxySoftware } from "../../proxy-software";
import { ProxyTarget } from "../../proxy-target";

/** Options that decide the two ends of a proxy. */
export interface EndpointOptions {
  readonly target?: ProxyTarget;
  readonly proxySoftware?: ProxySoftware;
  readonly url?: string;
  readonly names?: string[];
  readonly upstreamUrl?: string;
  readonly upstreamIsServerless?: boolean;
}

/** The two ends of a proxy. */
export interface ProxyEndpoints {
  readonly url: string;
  readonly host: string;
  readonly port: string;
  readonly upstreamUrl: string;
  readonly upstreamHost: string;
  readonly upstreamPort: string;
}

/**
 * Names of Serverless projects, such as PROJECT.fleet.us-east-1.aws.elastic.cloud; those of hosted deployments that Elastic's
 * documentation has end in found.io, cloud.es.io and elastic-cloud.com. Nothing says that no hosted one ends so.
 */
const SERVERLESS = /\.(?:aws|azure|gcp)\.elastic\.cloud$/;

const RULE = { ...FLEET_SERVER_URL, example: "https://proxy.example.com:8220" };

/** Path of a URL that only Terraform knows. */
const WITHOUT_PATH = "^https://[^/]+/?$";

/** Reads both URLs and refuses what no proxy can serve. */
export function checkEndpoints(problems: Problems, fleet: IFleetTls, options: EndpointOptions): ProxyEndpoints {
  const { target = ProxyTarget.FLEET_SERVER, proxySoftware = ProxySoftware.NGINX } = options;
  const isForAgents = target === ProxyTarget.FLEET_SERVER;
  const given = {
    url: options.url ?? (isForAgents ? undefined : fleet.elasticsearchUrl),
    upstreamUrl: options.upstreamUrl ?? (isForAgents ? fleet.fleetServerUrl : undefined),
  };
  const [front, back] = (["url", "upstreamUrl"] as const).map((prop) => {
    const url = given[prop];
    if (url === undefined) {
      problems.add(prop, {
        what: `is missing for a proxy in front of ${target.title}`,
        allowed: `a URL such as ${RULE.example}`,
        fix: `add ${prop}`,
      });
    } else if (isKnown(url) && /^https:\/\/[^/?#]+\/[^/]/.test(url)) {
      problems.add(prop, {
        what: "contains a path, which the proxy would not add to the requests",
        got: quoted(url),
        allowed: "a URL of a host and a port",
        fix: "remove the path",
      });
    }
    return parseUrl(problems, prop, url ?? RULE.example, RULE);
  }) as [ReturnType<typeof parseUrl>, ReturnType<typeof parseUrl>];
  if (given.url !== undefined && given.url === given.upstreamUrl) {
    problems.add("upstreamUrl", {
      what: "is the proxy's own URL, so it would forward to itself",
      got: quoted(given.url),
      allowed: `the URL of ${target.title} itself`,
      fix: isForAgents ? "give the proxy a url of its own" : "add upstreamUrl",
    });
  }
  if (
    !isForAgents &&
    isKnown(front.url) &&
    !servesUrl([front.host, ...(options.names ?? [])], fleet.elasticsearchUrl)
  ) {
    problems.add("url", {
      what: "has another host than elasticsearchUrl of the fleet, so no host of the fleet would connect to the proxy",
      got: quoted(front.url),
      allowed: "the host of elasticsearchUrl",
      fix: "leave url out, set elasticsearchUrl of the fleet to the proxy's URL, or add the host of elasticsearchUrl to names",
    });
  }
  const isServerless = options.upstreamIsServerless ?? (isKnown(back.host) && SERVERLESS.test(back.host));
  if (isForAgents && isServerless) {
    problems.add("upstreamUrl", {
      what: "is a Serverless project, whose Fleet Server URLs are fixed: agents leave the proxy with their first policy",
      got: quoted(back.host),
      allowed: "a Fleet Server whose Fleet Server hosts can be set in Kibana",
      fix:
        "let the agents dial Serverless directly, or through a forward proxy (proxyUrl); for a hosted deployment with such a " +
        "name, set upstreamIsServerless: false",
    });
  }
  if (isKnown(back.host) && isIP(back.host) !== 0) {
    problems.add("upstreamUrl", {
      // nginx proxy_ssl_name and HAProxy verifyhost compare DNS names alone; SNI takes no address (RFC 6066).
      what: `has an address, but ${proxySoftware.id} verifies the server by a DNS name`,
      got: quoted(back.host),
      allowed: "a DNS name that is in the server's certificate",
      fix: "use the server's name",
    });
  }
  return {
    url: front.url,
    host: front.host,
    port: portOf(front.url),
    upstreamUrl: back.url,
    upstreamHost: back.host,
    upstreamPort: portOf(back.url),
  };
}

/** Whether one of a proxy's names is the host of a URL; one that only Terraform knows may be it. */
function servesUrl(names: string[], url: string): boolean {
  return !isKnown(url) || names.some((name) => !isKnown(name) || isSameHost(name, new URL(url).hostname));
}

const isSameHost = (one: string, other: string): boolean =>
  one.replace(/\.$/, "").toLowerCase() === other.replace(/^\[|\]$|\.$/g, "").toLowerCase();

/** Refuses characters that a configuration file would read as its own syntax. */
export function checkHostDirectory(problems: Problems, directory: string, platform: TargetPlatform): void {
  if (platform.isWindows || (isKnown(directory) && !/^[\w./@:+-]+$/.test(directory))) {
    problems.add("hostDirectory", {
      what: platform.isWindows ? "is on Windows, which is not supported for proxies" : "cannot be written unquoted",
      got: quoted(directory),
      allowed: "a Linux or macOS path of letters, digits and . _ - / @ : +",
      fix: "choose another directory",
    });
  }
}

/** Preconditions for URLs that only Terraform knows. */
export function proxyPreconditions({ node }: Construct, { url, upstreamUrl }: ProxyEndpoints): Precondition[] {
  return Object.entries({ url, upstreamUrl })
    .filter(([, text]) => !isKnown(text))
    .flatMap(([prop, text]) => {
      const errorMessage = `${node.path}: ${prop} is not usable; write a URL such as ${RULE.example}, without a path`;
      return [
        { condition: urlCondition(text, RULE), errorMessage },
        { condition: Fn.can(Fn.regex(WITHOUT_PATH, expression(text))), errorMessage },
      ];
    });
}

function portOf(url: string): string {
  if (isKnown(url)) {
    return new URL(url).port || "443";
  }
  const pattern = literalArgument("^https://(?:\\[[^\\]]*\\]|[^/:]+):([0-9]+)");
  return Fn.try([Fn.element(Fn.regex(pattern, expression(url)), 0), "443"]) as string;
}
