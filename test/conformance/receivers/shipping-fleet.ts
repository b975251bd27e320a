import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import type { App } from "cdktf";
import { parse } from "yaml";

import {
  CertificateSource,
  ClientAuthentication,
  KafkaAuthentication,
  MutualFleetTls,
  SaslMechanism,
} from "../../../lib";
import { TestStack } from "../../support/apps";
import { fleetProps } from "../../support/fleets";
import { TerraformProject } from "../../support/terraform";
import type { Authority } from "../matrix/signer";
import { Signer } from "../matrix/signer";

export const AGENT_DIRECTORY = "/etc/elastic-agent/certs";

/** An entry of `xpack.fleet.outputs`. */
export interface DeclaredOutput extends Record<string, unknown> {
  readonly name: string;
  readonly hosts: string[];
  readonly config: { readonly ssl: Record<string, unknown> };
}

/** An output that the settings of the host `kibana` declare, by its own id. */
export function declaredOutput(outputDirectory: string, id: string): DeclaredOutput {
  const text = fs.readFileSync(path.join(outputDirectory, "kibana/kibana/kibana.tls.yml"), "utf8");
  const outputs = (parse(text) as Record<string, DeclaredOutput[]>)["xpack.fleet.outputs"]!;
  const found = outputs.find(({ name }) => name.endsWith(` ${id}`));
  if (found === undefined) throw new Error(`kibana.yml declares no output ${id}`);
  return found;
}

const FLEET = "fleet-tls/stack/fleet";

/** A mutual fleet with every kind of receiver, deployed. Dispose of it. */
export class ShippingFleet {
  public static async deploy(): Promise<ShippingFleet> {
    const fleet = new ShippingFleet();
    fleet.project.synth(build);
    await fleet.project.apply("stack");
    return fleet;
  }

  public readonly project = new TerraformProject();
  public readonly signer = new Signer(this.project.path("signed"));
  private copies = 0;

  private constructor() {}

  /** The folder of a host. */
  public host(name: string): string {
    return this.project.path(FLEET, name);
  }

  /** An output as `kibana.yml` declares it. */
  public output(id: string): DeclaredOutput {
    return declaredOutput(this.project.path(FLEET), id);
  }

  /** The CA of a file, with its key. */
  public authority(file: string): Authority {
    const { publicKey } = new X509Certificate(fs.readFileSync(file));
    const keys = this.project
      .state("stack")
      .filter(({ type }) => type === "tls_private_key")
      .flatMap(({ instances }) => instances.map(({ attributes }) => String(attributes["private_key_pem"])));
    const key = keys.find((pem) => createPublicKey(createPrivateKey(pem)).equals(publicKey));
    if (key === undefined) throw new Error(`the key of ${file} is not in the state`);
    const own = this.project.path(`authority-${++this.copies}-key.pem`);
    fs.writeFileSync(own, key, { mode: 0o600 });
    return { certificate: file, key: own };
  }

  /** A copy of a host's folder, named `certs`, in which files have another content. */
  public copyOf(host: string, files: Record<string, string> = {}): string {
    const folder = this.project.path(`copy-${++this.copies}`, "certs");
    fs.cpSync(this.host(host), folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
    return folder;
  }

  public dispose(): void {
    this.project.dispose();
  }
}

function build(app: App): void {
  const fleet = new MutualFleetTls(new TestStack(app, "stack"), "fleet", {
    ...fleetProps({ elasticsearch: { clientAuthentication: ClientAuthentication.OPTIONAL } }),
  });
  fleet.addAgent("web-1");
  const otherListeners = [
    { name: "CONTROLLER", address: ":9093", securityProtocol: "PLAINTEXT" },
    { name: "INTERNAL", address: ":9092", advertised: "127.0.0.1:9092", securityProtocol: "PLAINTEXT" },
  ];
  const kafka = fleet.addKafkaBroker("kafka", { advertisedListener: "kafka.example.com:9094", otherListeners });
  const saslMechanism = SaslMechanism.PLAIN;
  const sasl = fleet.addKafkaBroker("sasl", {
    ...{ advertisedListener: "sasl.example.com:9094", listenerName: "AGENTS", otherListeners, saslMechanism },
  });
  const authentication = KafkaAuthentication.password({
    ...{ username: "fleet", passwordVariable: "KAFKA_PASSWORD", mechanism: saslMechanism },
  });
  const certificate = CertificateSource.onHost({
    certificatePath: "/etc/kafka/certs/own.pem",
    privateKeyPath: "/etc/kafka/certs/own-key.pem",
  });
  const kept = { advertisedListener: "kept.example.com:9094", otherListeners, certificate };
  fleet.addOutput("kept", { to: [fleet.addKafkaBroker("kept", kept)] });
  fleet.addOutput("logstash", { to: [fleet.addLogstash("logstash", { hosts: ["logstash.example.com:5044"] })] });
  fleet.addOutput("kafka", { to: [kafka] });
  fleet.addOutput("sasl", { to: [sasl], kafka: { authentication } });
  const berlin = fleet.addRemoteElasticsearch("berlin", {
    ...{ url: "https://es.berlin.example.com:9200", serviceTokenVariable: "BERLIN_TOKEN" },
    clientAuthentication: ClientAuthentication.REQUIRED,
  });
  fleet.addOutput("berlin", { to: [berlin] });
  fleet.addKibana("kibana");
}
