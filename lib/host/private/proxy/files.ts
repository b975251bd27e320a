import type { ProxySoftware } from "../../proxy-software";
import type { ProxyConfiguration } from "./configuration";
import { envoyConfiguration } from "./envoy";
import { haproxyConfiguration } from "./haproxy";
import { nginxConfiguration } from "./nginx";

/** Configuration file of each program. */
const CONFIGURATIONS: { readonly [id: string]: ConfigurationFile } = {
  nginx: { file: "nginx.conf", write: nginxConfiguration },
  haproxy: { file: "haproxy.cfg", write: haproxyConfiguration },
  envoy: { file: "envoy.yaml", write: envoyConfiguration },
};

/** A file, and what writes its text. */
export interface ConfigurationFile {
  readonly file: string;
  readonly write: (configuration: ProxyConfiguration) => string;
}

/** Configuration file of a program: its name and its text. */
export function configurationOf({ id }: ProxySoftware): ConfigurationFile {
  return CONFIGURATIONS[id] as ConfigurationFile;
}
