import type { Prerequisite } from "./prerequisite";

/** Data of the operator's page: public values only, as Terraform passes them to the program that renders it. */
export interface PageData {
  /** The fleet's construct path. */
  readonly name: string;
  readonly isMutual: boolean;
  /** Whether Fleet Server runs elsewhere, so that no host of it is among `hosts`. */
  readonly isExternal: boolean;
  /** Whether each Fleet Server has one certificate for all of its roles. */
  readonly isOneCertificate: boolean;
  /** Fleet Server hosts of Kibana; the default ones are first. */
  readonly fleetServerHosts: PageFleetServerHosts[];
  readonly elasticsearchUrl: string;
  /** Client authentication of Fleet Server. */
  readonly clientAuthentication: string;
  /** Client authentication of Elasticsearch, of all its nodes; absent if it exists elsewhere. */
  readonly elasticsearchClientAuthentication?: string;
  readonly authorities: PageAuthority[];
  /** The authorities whose clients Elasticsearch admits. */
  readonly elasticsearchClientAuthorities: AuthorityId[];
  /** What a person has to provide before hosts are installed. */
  readonly prerequisites: readonly Prerequisite[];
  /** Every host but the agents. */
  readonly hosts: PageHost[];
  readonly agents: PageAgentGroup[];
  /** Paths of agents in other stacks, of which this one cannot know more. */
  readonly agentsElsewhere: string[];
  /** Stacks over which agents are spread, as text: the page of the whole fleet shows them. */
  readonly agentStacks?: string[];
  /** Paths of other hosts there. */
  readonly hostsElsewhere: string[];
  /** Settings that Fleet sends to agents. */
  readonly outputs: PageOutput[];
  /** Agent policies of Kibana, without the default one. */
  readonly policies: PagePolicy[];
  /** Agent binary download sources of Kibana. */
  readonly downloadSources: PageKibanaObject[];
  /** Fleet proxies of Kibana. */
  readonly fleetProxies: PageKibanaObject[];
  /** The URL of Elasticsearch as an output has it: with its port. */
  readonly outputUrl: string;
  /** Whether the settings of a Kibana declare Fleet Server's host and the outputs. */
  readonly isFleetDeclared: boolean;
  /** When the first certificate of the fleet's own stack is due, CAs included, RFC 3339; empty where none is. */
  readonly nextRenewal: string;
  /** The folder of the page, as seen from the folder that deploys. */
  readonly outputDirectory: string;
}

/** `input` is the CA of inputs on agents' hosts; `receiver` is the CA of a server that outputs ship to; `kibana` is the CA of Kibana's own server; `download` is the CA of a server that agents download their binaries from; `proxy` is a proxy's own CA; `fleetProxy` is the CA of a forward proxy; `fleetEs` is a CA of its own for what Fleet Servers present to Elasticsearch, where there is one. */
export type AuthorityId =
  | "fleet"
  | "elasticsearch"
  | "agent"
  | "fleetEs"
  | "proxy"
  | "fleetProxy"
  | "receiver"
  | "input"
  | "download"
  | "kibana";

export interface PageFleetServerHosts {
  readonly name: string;
  /** URLs in the order in which agents try them, former ones last. */
  readonly urls: string[];
  /** Fleet proxy, by name. */
  readonly fleetProxy?: string;
}

/** An agent policy: what it names in Kibana, by name. */
export interface PagePolicy {
  readonly name: string;
  /** Where the enrollment token comes from; code is between backticks. */
  readonly enrollmentToken: string;
  readonly fleetServerHosts: string;
  /** Absent where it is Kibana's default one, like the following. */
  readonly dataOutput?: string;
  readonly monitoringOutput?: string;
  readonly downloadSource?: string;
  /** Forward proxy of its agents' commands, that of their Fleet Server hosts too. */
  readonly proxyUrl?: string;
  /** Some of its agents, and how many more there are. */
  readonly hosts: string[];
  readonly moreHosts: number;
}

/** An object of Kibana as the body of its API. */
export interface PageKibanaObject {
  readonly name: string;
  /** File that contains it, below the page's folder. */
  readonly file: string;
  /** The object as JSON. */
  readonly text: string;
}

export interface PageAuthority {
  readonly id: AuthorityId;
  /** The file by which hosts trust it. */
  readonly file: string;
  /** Every certificate that is trusted; absent where only the hosts have them. */
  readonly pem?: string;
  /** Paths on the hosts, if they are there. */
  readonly hostPath?: string;
}

export interface PageFile {
  readonly name: string;
  readonly mode: string;
}

export interface PageCertificate {
  readonly file: string;
  /** Absent where the certificate is somebody else's: it says itself who signed it. */
  readonly authority?: AuthorityId;
  /** Null while the host has not sent its request. */
  readonly pem: string | null;
  /** Absent where only its owner can renew it: it is on the host, and this is a copy. */
  readonly renewBeforeHours?: number;
}

export interface PageCommand {
  /** File that contains it: a script, or the environment of a container. */
  readonly file: string;
  /** Absent if it contains a secret. */
  readonly text?: string;
}

export interface PageHost {
  /** Short name of its kind, e.g. `fleet-server`. */
  readonly kind: string;
  /** Name of its kind, e.g. `Fleet Server`. */
  readonly title: string;
  /** User that must be able to read its private keys. */
  readonly reader: string;
  readonly id: string;
  /** Its folder below that of the page. */
  readonly folder: string;
  readonly platform: string;
  readonly hostDirectory: string;
  readonly files: PageFile[];
  readonly certificates: PageCertificate[];
  readonly command?: PageCommand;
  /** Settings for the program that it runs. */
  readonly settings: PageSettings[];
}

/** Agents whose folders contain the same files at the same paths. */
export interface PageAgentGroup {
  readonly platform: string;
  readonly hostDirectory: string;
  readonly files: PageFile[];
  readonly commandFile: string;
  readonly members: PageAgent[];
}

export interface PageAgent {
  readonly id: string;
  /** Absent in a one-way fleet, or if the certificate is already on the host. */
  readonly certificate?: Omit<PageCertificate, "file" | "authority">;
  /** Server certificate of inputs on the host, if there is one. */
  readonly inputCertificate?: Omit<PageCertificate, "file" | "authority">;
  /** Absent if it contains a secret. */
  readonly command?: string;
}

export interface PageSettings {
  /** Title: the file that the settings belong in. */
  readonly title: string;
  /** File in the host's folder. */
  readonly file: string;
  readonly text: string;
  /** How to apply them; code is between backticks. */
  readonly hint: string;
}

export interface PageOutput {
  /** Name of the output, or its hosts if the fleet names no output. */
  readonly title: string;
  /** File that contains it, below the page's folder; absent where the fleet names no output. */
  readonly file?: string;
  /** Some of the hosts whose policies use it, and how many more there are. */
  readonly hosts: string[];
  readonly moreHosts: number;
  readonly text: string;
}
