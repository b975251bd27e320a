/** What the operator's page is made of: public values only, as Terraform hands them to the program that renders it. */
export interface PageData {
  /** The fleet's construct path. */
  readonly name: string;
  readonly isMutual: boolean;
  readonly fleetServerUrl: string;
  readonly elasticsearchUrl: string;
  /** What Fleet Server asks of agents. */
  readonly clientAuthentication: string;
  /** What Elasticsearch asks of its clients; absent where it exists elsewhere. */
  readonly elasticsearchClientAuthentication?: string;
  readonly authorities: PageAuthority[];
  /** The authorities whose clients Elasticsearch admits. */
  readonly elasticsearchClientAuthorities: AuthorityId[];
  /** Fleet Servers, Elasticsearch and Kibana. */
  readonly hosts: PageHost[];
  readonly agents: PageAgentGroup[];
  /** Paths of agents in other stacks, of which this one cannot know more. */
  readonly elsewhere: string[];
  readonly settings: PageSettings[];
}

export type AuthorityId = "fleet" | "elasticsearch" | "agent";

export interface PageAuthority {
  readonly id: AuthorityId;
  /** The file by which hosts trust it. */
  readonly file: string;
  /** Every certificate that is trusted; absent where only the hosts have them. */
  readonly pem?: string;
  /** Where the hosts have them, if they have. */
  readonly hostPath?: string;
}

export interface PageFile {
  readonly name: string;
  readonly mode: string;
}

export interface PageCertificate {
  readonly file: string;
  readonly authority: AuthorityId;
  /** Null while the host has not sent its request. */
  readonly pem: string | null;
  readonly renewBeforeHours: number;
}

export interface PageCommand {
  /** The file that holds it. */
  readonly file: string;
  /** Absent where it holds a secret. */
  readonly text?: string;
}

export type HostKind = "fleet-server" | "elasticsearch" | "kibana";

export interface PageHost {
  readonly kind: HostKind;
  readonly id: string;
  /** Its folder below that of the page. */
  readonly folder: string;
  readonly platform: string;
  readonly hostDirectory: string;
  readonly files: PageFile[];
  readonly certificates: PageCertificate[];
  readonly command?: PageCommand;
  /** The settings' file in the folder, and its text. */
  readonly settings?: PageSettings;
}

/** Agents whose folders hold the same files at the same paths. */
export interface PageAgentGroup {
  readonly platform: string;
  readonly hostDirectory: string;
  readonly files: PageFile[];
  readonly commandFile: string;
  readonly members: PageAgent[];
}

export interface PageAgent {
  readonly id: string;
  /** Absent in a one-way fleet, or where the certificate lies on the host. */
  readonly certificate?: Omit<PageCertificate, "file" | "authority">;
  /** Absent where it holds a secret. */
  readonly command?: string;
}

export interface PageSettings {
  readonly title: string;
  readonly file: string;
  readonly text: string;
}
