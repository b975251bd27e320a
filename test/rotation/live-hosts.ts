import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import type { Answer, ServeRequest, ServerStats } from "../conformance/protocol";
import type { Validator } from "../conformance/validators";
import { CheckIn } from "./live-checkin";
import type { Release, Site } from "./live-host";
import { LiveHost, OUTPUT } from "./live-host";

/** An Elastic Agent, whose every connection is its own TLS code. */
export class AgentHost extends LiveHost {
  public constructor(place: string, folder: string, release: Release, validator: Validator, site: Site) {
    super("agent", place, folder, release, validator, site);
    this.checkIns.push(
      new CheckIn("check-in to Fleet Server", validator, async () => ({
        command: await this.command(),
        ...this.toFleet(),
      })),
      new CheckIn(OUTPUT, validator, () => Promise.resolve(this.outputRequest())),
    );
  }

  public async start(): Promise<void> {
    await Promise.all(this.checkIns.map((checkIn) => checkIn.start()));
  }

  public async restart(): Promise<void> {
    await Promise.all(this.checkIns.map((checkIn) => checkIn.restart()));
  }

  /** Dials once, with the files of another deploy where a folder is given, or towards another port. */
  public async dialFleet(folder = this.folder, port = this.site.ports.fleetServer): Promise<Answer<"connect">> {
    return this.validator.request({
      op: "connect",
      command: await this.command(folder),
      ...this.toFleet(),
      port,
    });
  }

  public dialElasticsearch(folder = this.folder, port = this.site.ports.elasticsearch): Promise<Answer<"connect">> {
    return this.validator.request({ op: "connect", ...this.outputRequest(folder), port });
  }

  private toFleet() {
    return { edge: "agent-to-fleet" as const, port: this.site.ports.fleetServer, ...this.reload };
  }
}

/** A Fleet Server: its listener, its own agent, and its connection to Elasticsearch. */
export class FleetServerHost extends LiveHost {
  private server?: string;
  private loaded?: string;

  public constructor(place: string, folder: string, release: Release, validator: Validator, site: Site) {
    super("Fleet Server", place, folder, release, validator, site);
    const dial = (edge: "fleet-to-local" | "fleet-to-elasticsearch") => async () => ({
      command: this.loaded!,
      edge,
      port: edge === "fleet-to-local" ? site.ports.fleetServer : site.ports.elasticsearch,
      ...this.reload,
    });
    this.checkIns.push(
      new CheckIn("own agent to localhost", validator, dial("fleet-to-local")),
      new CheckIn("Fleet Server to Elasticsearch", validator, dial("fleet-to-elasticsearch")),
      new CheckIn(OUTPUT, validator, () => Promise.resolve(this.outputRequest())),
    );
  }

  public async start(): Promise<void> {
    this.loaded = await this.command();
    const answer = await this.validator.request({ op: "serve", command: this.loaded, ...this.reload });
    if (!answer.ok) throw new Error(`${this.place}: ${answer.error}`);
    this.server = answer.server;
    this.site.ports.fleetServer = answer.port;
    await Promise.all(this.checkIns.map((checkIn) => checkIn.start()));
  }

  public async restart(): Promise<void> {
    this.loaded = await this.command();
    await Promise.all(this.checkIns.map((checkIn) => checkIn.stop()));
    const request = { op: "restart", server: this.server!, command: this.loaded, ...this.reload } as const;
    const answer = await this.validator.request(request);
    if (!answer.ok) throw new Error(`${this.place}: ${answer.error}`);
    await Promise.all(this.checkIns.map((checkIn) => checkIn.start()));
  }

  public override async serverStats(): Promise<ServerStats> {
    return statsOf(this.validator, this.server!);
  }

  /** Listens once more, with the files of another deploy. */
  public async listenAs(folder: string): Promise<{ port: number; close(): Promise<void> }> {
    const command = await this.command(folder);
    return listen(this.validator, { op: "serve", command, ...this.reload });
  }

  public async dialElasticsearch(
    folder = this.folder,
    port = this.site.ports.elasticsearch,
  ): Promise<Answer<"connect">> {
    const command = await this.command(folder);
    return this.validator.request({ op: "connect", command, edge: "fleet-to-elasticsearch", port, ...this.reload });
  }

  public async dialLocal(folder = this.folder, port = this.site.ports.fleetServer): Promise<Answer<"connect">> {
    const command = await this.command(folder);
    return this.validator.request({ op: "connect", command, edge: "fleet-to-local", port, ...this.reload });
  }
}

/** Elasticsearch as its emitted settings have it. It loads changed files by itself; here, on request. */
export class ElasticsearchHost extends LiveHost {
  private server?: string;

  public constructor(place: string, folder: string, release: Release, validator: Validator, site: Site) {
    super("Elasticsearch", place, folder, release, validator, site);
  }

  public async start(): Promise<void> {
    const answer = await this.validator.request(this.settings());
    if (!answer.ok) throw new Error(`${this.place}: ${answer.error}`);
    this.server = answer.server;
    this.site.ports.elasticsearch = answer.port;
  }

  public async restart(): Promise<void> {
    const answer = await this.validator.request({ ...this.settings(), op: "restart", server: this.server! });
    if (!answer.ok) throw new Error(`${this.place}: ${answer.error}`);
  }

  public override async serverStats(): Promise<ServerStats> {
    return statsOf(this.validator, this.server!);
  }

  /** Listens once more, with the files of another deploy. */
  public listenAs(folder: string): Promise<{ port: number; close(): Promise<void> }> {
    return listen(this.validator, this.settings(folder));
  }

  private settings(folder = this.folder): ServeRequest {
    const text = fs.readFileSync(path.join(folder, "elasticsearch.tls.yml"), "utf8");
    const settings = parse(text) as Record<string, unknown>;
    const setting = (name: string): unknown => settings[`xpack.security.http.ssl.${name}`];
    const local = (file: unknown): string => path.join(folder, String(file).replace(/^certs\//, ""));
    return {
      op: "serve",
      certificate: local(setting("certificate")),
      key: local(setting("key")),
      clientCas: (setting("certificate_authorities") as string[]).map(local),
      clientAuth: setting("client_authentication") as ServeRequest["clientAuth"],
      reload: false,
    };
  }
}

async function statsOf(validator: Validator, server: string): Promise<ServerStats> {
  const answer = await validator.request({ op: "server-stats", server });
  if (!answer.ok) throw new Error(answer.error);
  return answer;
}

async function listen(validator: Validator, request: ServeRequest): Promise<{ port: number; close(): Promise<void> }> {
  const answer = await validator.request(request);
  if (!answer.ok) throw new Error(answer.error);
  const close = async () => void (await validator.request({ op: "close", server: answer.server }));
  return { port: answer.port, close };
}
