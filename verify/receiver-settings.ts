import { addressHost } from "./dialled-url";
import type { ClientMode, Listener, Service, Upstream } from "./service";

type Read = Omit<Service, "file">;

/** A plugin of a pipeline with its settings; a list is several texts. */
interface Plugin {
  readonly section: string;
  readonly name: string;
  readonly settings: ReadonlyMap<string, readonly string[]>;
}

/** Inputs that agents send to, and outputs to Elasticsearch. */
export function logstashServices(text: string): readonly Read[] {
  const plugins = logstashPlugins(text);
  const upstreams = plugins
    .filter(({ section, name }) => section === "output" && name === "elasticsearch")
    .map(logstashUpstream);
  const inputs = plugins.filter(({ section, name }) => section === "input" && /^(elastic_agent|beats)$/.test(name));
  const listeners = inputs.flatMap(({ settings }): Listener[] => {
    const one = (name: string): string | undefined => settings.get(name)?.[0];
    const cas = settings.get("ssl_certificate_authorities") ?? [];
    const mode =
      one("ssl_client_authentication") ??
      one("ssl_verify_mode")?.replace(/^(force_)?peer$/, (_, force?: string) => (force ? "required" : "optional"));
    const isOn = one("ssl_enabled") ?? one("ssl");
    return isOn === "true" || one("ssl_certificate") !== undefined
      ? [
          {
            certificate: one("ssl_certificate"),
            key: one("ssl_key"),
            clientCas: cas,
            clients: (mode ?? "none") as ClientMode,
            port: one("port"),
          },
        ]
      : [];
  });
  return listeners.map((listener, i) => ({ program: "Logstash", listener, upstreams: i === 0 ? upstreams : [] }));
}

function logstashUpstream({ settings }: Plugin): Upstream {
  const one = (...names: string[]): string | undefined => names.map((name) => settings.get(name)?.[0]).find(Boolean);
  const mode = one("ssl_verification_mode") ?? (one("ssl_certificate_verification") === "false" ? "none" : "full");
  const address = one("hosts") ?? "";
  return {
    address,
    cas: settings.get("ssl_certificate_authorities") ?? settings.get("cacert") ?? [],
    verifies: mode !== "none",
    name: mode === "full" ? addressHost(address) : undefined,
    certificate: one("ssl_certificate"),
    key: one("ssl_key"),
  };
}

/** The plugins of a pipeline; conditions around them are passed over. */
function logstashPlugins(text: string): Plugin[] {
  const words = text.match(/#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|=>|[{}[\],]|[^\s{}[\],"'#]+/g) ?? [];
  const plugins: { section: string; name: string; settings: Map<string, string[]> }[] = [];
  const open: string[] = [];
  let last = "";
  let values: string[] | undefined;
  for (const word of words.filter((one) => !one.startsWith("#"))) {
    const value = word.replace(/^(["'])([^]*)\1$/, "$2");
    if (word === "{") {
      open.push(last);
      values = undefined;
      if (open.length > 1) {
        plugins.push({ section: open[0]!, name: last, settings: new Map() });
      }
    } else if (word === "}") {
      open.pop();
      values = undefined;
    } else if (word === "=>") {
      // What seemed to be another value of the setting before is the name of this one.
      values?.pop();
      values = [];
      plugins.at(-1)?.settings.set(last, values);
    } else if (!/^[[\],]$/.test(word)) {
      values?.push(value);
      last = value;
    }
  }
  return plugins;
}

/** The file in a reference to Kafka's DirectoryConfigProvider, `${dir:FOLDER:NAME}`; PEM text in its place is not read. */
function referredFile(value: string | undefined): string | undefined {
  const [, folder, name] = /^\$\{\w+:([^:}]*):([^:}]+)\}$/.exec(value ?? "") ?? [];
  return name === undefined ? undefined : `${folder}/${name}`;
}

/** The listeners of a broker with stores in PEM; other stores are not read. */
export function kafkaServices(text: string): readonly Read[] {
  const settings = new Map(
    text
      .replace(/\\\n\s*/g, "")
      .split("\n")
      .flatMap((line) => {
        const [, name, value] = /^\s*([\w.-]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
        return name === undefined ? [] : [[name, value!] as const];
      }),
  );
  const ports = new Map(
    [...(settings.get("listeners") ?? "").matchAll(/([\w.-]+):\/\/[^,]*:(\d+)/g)].map(
      ([, name, port]) => [name!.toLowerCase(), port!] as const,
    ),
  );
  const prefixes = new Set(
    [...settings.keys()].flatMap((name) => {
      const [, prefix] = /^(listener\.name\.\w+\.|)ssl\.keystore\.(?:location|key)$/.exec(name) ?? [];
      return prefix === undefined ? [] : [prefix];
    }),
  );
  return [...prefixes].flatMap((prefix): Read[] => {
    const get = (name: string): string | undefined => settings.get(prefix + name) ?? settings.get(name);
    if (get("ssl.keystore.type")?.toUpperCase() !== "PEM") {
      return [];
    }
    const store = get("ssl.keystore.location");
    const [certificate, key] = [get("ssl.keystore.certificate.chain"), get("ssl.keystore.key")].map(referredFile);
    const trust = get("ssl.truststore.type")?.toUpperCase() === "PEM" ? get("ssl.truststore.location") : undefined;
    const isOtherStore = trust === undefined && get("ssl.truststore.location") !== undefined;
    const asked = { required: "required", requested: "optional" }[get("ssl.client.auth") ?? "none"] ?? "none";
    // Whom a store of another type trusts is not read.
    const clients = isOtherStore ? "none" : asked;
    if (store === undefined && (certificate === undefined || key === undefined)) {
      return [];
    }
    const [, name] = /^listener\.name\.(\w+)\.$/.exec(prefix) ?? [];
    const listener = {
      // In a store, the certificate and its key are one file.
      ...(store === undefined ? { certificate, key } : { certificate: store, key: store }),
      clientCas: trust === undefined ? [] : [trust],
      clients: clients as ClientMode,
      port: name === undefined ? undefined : ports.get(name.toLowerCase()),
    };
    return [{ program: "Kafka", listener, upstreams: [] }];
  });
}
