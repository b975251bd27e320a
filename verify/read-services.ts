import type { FolderFile, HostFolder } from "./host-folder";
import { envoyServices, haproxyServices, nginxServices } from "./proxy-settings";
import { kafkaServices, logstashServices } from "./receiver-settings";
import type { Service } from "./service";

const READERS: readonly (readonly [RegExp, (text: string) => readonly Omit<Service, "file">[]])[] = [
  [/^nginx[\w.-]*\.conf$/, nginxServices],
  [/^haproxy[\w.-]*\.cfg$/, haproxyServices],
  [/^envoy[\w.-]*\.ya?ml$/, envoyServices],
  [/^(pipeline|logstash)[\w.-]*\.conf$/, logstashServices],
  [/^server[\w.-]*\.properties$/, kafkaServices],
];

/** The files of a folder that are settings of a proxy or a receiver. */
export function isServiceFile(name: string): boolean {
  return READERS.some(([pattern]) => pattern.test(name));
}

/** The services that the files of a folder set up. */
export function servicesOf({ files }: HostFolder): readonly Service[] {
  return [...files.values()].flatMap(({ name, bytes }: FolderFile) => {
    const reader = READERS.find(([pattern]) => pattern.test(name))?.[1];
    const text = bytes?.toString("utf8").replace(/\r\n/g, "\n") ?? "";
    return reader === undefined ? [] : reader(text).map((service) => ({ ...service, file: name }));
  });
}
