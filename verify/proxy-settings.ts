import { addressHost, isHttps } from "./dialled-url";
import { asList, asMap, asText } from "./compose";
import type { ClientMode, Listener, Service, Upstream } from "./service";
import type { Setting } from "./settings";
import { readYaml } from "./settings";

type Read = Omit<Service, "file">;

/** A directive of nginx with its block. */
interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly block: readonly Directive[];
}

/** The `server` blocks with TLS; a directive of an outer block applies to the inner ones. */
export function nginxServices(text: string): readonly Read[] {
  const services: Read[] = [];
  const visit = (
    directives: readonly Directive[],
    outer: ReadonlyMap<string, string>,
    inServer: boolean,
  ): Upstream[] => {
    const own = new Map([...outer, ...directives.map(({ name, args }) => [name, args.join(" ")] as const)]);
    const passes = own.get("proxy_pass") !== undefined && directives.some(({ name }) => name === "proxy_pass");
    const upstreams = passes && isHttps(own.get("proxy_pass")!) ? [nginxUpstream(own)] : [];
    for (const { name, block } of directives.filter((one) => one.block.length > 0)) {
      const inner = visit(block, own, inServer || name === "server");
      if (name === "server" && !inServer) {
        const settings = new Map([...own, ...block.map((one) => [one.name, one.args.join(" ")] as const)]);
        services.push({ program: "nginx", listener: nginxListener(settings), upstreams: inner });
      } else {
        upstreams.push(...inner);
      }
    }
    return upstreams;
  };
  visit(nginxDirectives(text), new Map(), false);
  return services.filter(({ listener, upstreams }) => listener !== undefined || upstreams.length > 0);
}

function nginxListener(settings: ReadonlyMap<string, string>): Listener | undefined {
  const certificate = settings.get("ssl_certificate");
  const verify = settings.get("ssl_verify_client") ?? "off";
  const ca = settings.get("ssl_client_certificate");
  return certificate === undefined
    ? undefined
    : {
        certificate,
        key: settings.get("ssl_certificate_key"),
        clientCas: ca === undefined ? [] : [ca],
        clients: verify === "on" ? "required" : verify === "optional" ? "optional" : "none",
      };
}

function nginxUpstream(settings: ReadonlyMap<string, string>): Upstream {
  const [, address = ""] = /^https:\/\/([^/]+)/i.exec(settings.get("proxy_pass")!) ?? [];
  const ca = settings.get("proxy_ssl_trusted_certificate");
  const isOn = settings.get("proxy_ssl_verify") === "on";
  return {
    address,
    cas: ca === undefined ? [] : [ca],
    verifies: isOn && ca === undefined ? undefined : isOn,
    name: settings.get("proxy_ssl_name") ?? addressHost(address),
    certificate: settings.get("proxy_ssl_certificate"),
    key: settings.get("proxy_ssl_certificate_key"),
  };
}

function nginxDirectives(text: string): Directive[] {
  const words = text.match(/#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[;{}]|[^\s;{}]+/g) ?? [];
  let at = 0;
  const read = (): Directive[] => {
    const found: Directive[] = [];
    let args: string[] = [];
    const add = (block: Directive[]): void => {
      const [name, ...rest] = args;
      if (name !== undefined) {
        found.push({ name, args: rest, block });
      }
      args = [];
    };
    while (at < words.length) {
      const word = words[at]!;
      at += 1;
      if (word === "{") {
        add(read());
      } else if (word === ";") {
        add([]);
      } else if (word === "}") {
        return found;
      } else if (!word.startsWith("#")) {
        args.push(word.replace(/^(["'])([^]*)\1$/, "$2"));
      }
    }
    return found;
  };
  return read();
}

/** The `bind` and `server` lines with TLS, one service a section. HAProxy verifies servers by default. */
export function haproxyServices(text: string): readonly Read[] {
  const sections: { listener?: Listener; upstreams: Upstream[]; defaults?: string[]; isDefaults: boolean }[] = [];
  const isUnverified = /^\s*ssl-server-verify\s+none\b/m.test(text);
  for (const line of text.split("\n")) {
    const words = (line.match(/'[^']*'|"[^"]*"|#.*|\S+/g) ?? [])
      .filter((word) => !word.startsWith("#"))
      .map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
    const [first = "", , address = ""] = words;
    const after = (name: string): string | undefined =>
      words.includes(name) ? words[words.indexOf(name) + 1] : undefined;
    if (/^(frontend|backend|listen|global|defaults)$/.test(first)) {
      sections.push({ upstreams: [], isDefaults: first === "defaults" });
    }
    const section = sections.at(-1);
    if (first === "default-server" && section !== undefined) {
      section.defaults = words.slice(1);
    } else if (first === "server") {
      words.push(...(section?.defaults ?? sections.find(({ isDefaults }) => isDefaults)?.defaults ?? []));
    }
    const ca = after("ca-file");
    const cas = ca === undefined ? [] : [ca];
    const certificate = after("crt");
    if (section === undefined || !words.includes("ssl")) {
      continue;
    }
    // A pair may be one file, or the key is in a file of its own next to it.
    const pair = { certificate, key: certificate === undefined ? undefined : `${certificate}.key` };
    if (first === "bind") {
      const verify = after("verify") ?? "none";
      section.listener = { ...pair, clientCas: cas, clients: verify as ClientMode };
    } else if (first === "server") {
      const verifies = (after("verify") ?? (isUnverified ? "none" : "required")) !== "none";
      const [, sni] = /^str\((.*)\)$/.exec(after("sni") ?? "") ?? [];
      const name = after("verifyhost") ?? sni;
      section.upstreams.push({
        address,
        cas,
        verifies: verifies && ca === undefined ? undefined : verifies,
        name,
        ...pair,
      });
    }
  }
  // The section that listens and the one that it passes on to are one proxy.
  const upstreams = sections.flatMap((one) => one.upstreams);
  const listening = sections.flatMap(({ listener }) => (listener === undefined ? [] : [listener]));
  return listening.length === 0 && upstreams.length === 0
    ? []
    : (listening.length === 0 ? [undefined] : listening).map((listener) => ({
        program: "HAProxy",
        listener,
        upstreams,
      }));
}

/** The TLS contexts of a bootstrap. Envoy verifies neither a server nor its name by default. */
export function envoyServices(text: string): readonly Read[] {
  const { documents } = readYaml(text);
  const resources = asMap(asMap(documents[0])["static_resources"]);
  const upstreams = asList(resources["clusters"]).flatMap((cluster) =>
    contexts(cluster, "UpstreamTlsContext").map((tls): Upstream => {
      const common = asMap(tls["common_tls_context"]);
      const validation = asMap(common["validation_context"]);
      const cas = fileNames(validation["trusted_ca"]);
      const [name] = asList(validation["match_typed_subject_alt_names"]).flatMap((one) => {
        const matcher = asMap(asMap(one)["matcher"]);
        return [asText(matcher["exact"]) ?? asText(matcher["suffix"]) ?? ""];
      });
      return { address: addressOf(cluster), cas, verifies: cas.length > 0, name, ...envoyPair(common) };
    }),
  );
  const listeners = asList(resources["listeners"]).flatMap((listener) =>
    contexts(listener, "DownstreamTlsContext").map((tls): Listener => {
      const common = asMap(tls["common_tls_context"]);
      const trusted = asMap(common["validation_context"])["trusted_ca"];
      const clientCas = fileNames(trusted);
      // A CA that is no file, or comes from another context, is not read.
      const isElsewhere =
        (trusted !== undefined && clientCas.length === 0) || /combined|sds/.test(Object.keys(common).join());
      const isRequired = asText(tls["require_client_certificate"]) === "true" && !isElsewhere;
      const clients = isRequired ? "required" : clientCas.length > 0 ? "optional" : "none";
      return { ...envoyPair(common), clientCas, clients };
    }),
  );
  const found: (Listener | undefined)[] = listeners.length > 0 ? listeners : upstreams.length > 0 ? [undefined] : [];
  return found.map((listener) => ({ program: "Envoy", listener, upstreams }));
}

/** Every TLS context of a kind below a value. */
function contexts(value: Setting | undefined, kind: string): ReturnType<typeof asMap>[] {
  const own = asMap(value);
  const inner = [...Object.values(own), ...asList(value)].flatMap((one) => contexts(one, kind));
  return asText(own["@type"])?.endsWith(`.${kind}`) === true ? [own, ...inner] : inner;
}

function addressOf(value: Setting | undefined): string {
  const own = asMap(value);
  const socket = asMap(own["socket_address"]);
  const address = asText(socket["address"]);
  return address === undefined
    ? ([...Object.values(own), ...asList(value)].map(addressOf).find((one) => one !== "") ?? "")
    : `${address}:${asText(socket["port_value"]) ?? ""}`;
}

function envoyPair(common: ReturnType<typeof asMap>): Pick<Listener, "certificate" | "key"> {
  const pair = asMap(asList(common["tls_certificates"])[0]);
  return { certificate: fileNames(pair["certificate_chain"])[0], key: fileNames(pair["private_key"])[0] };
}

function fileNames(value: Setting | undefined): string[] {
  const name = asText(asMap(value)["filename"]);
  return name === undefined ? [] : [name];
}
