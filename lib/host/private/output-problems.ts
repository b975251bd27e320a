import type { Precondition } from "cdktf";
import { Fn, Op, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { ownerOf } from "../../authority/create-authority";
import { isSystemTrust } from "../../authority/records";
import { ClientAuthentication } from "../../command/client-authentication";
import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { Problem } from "../../private/problems";
import { quoted } from "../../private/problems";
import { expression, isKnown, literalArgument } from "../../private/terraform/text";
import type { IFleetTls } from "../ifleet-tls";
import type { KafkaOutputOptions } from "../kafka-output";
import type { IFleetHost } from "../fleet-host";
import { KafkaAuthentication } from "../kafka-output";
import { OutputTrust } from "../output-trust";
import type { IOutputReceiver } from "../output-receiver";
import { OutputType } from "../output-type";
import { kafkaAuthentication, serverCas } from "./settings/receiver-output";

/** Options of an output that its receivers have to fit. */
interface OutputOptions {
  readonly fleet: IFleetTls;
  readonly kafka?: KafkaOutputOptions;
  readonly trust?: OutputTrust;
  readonly furtherSettings?: string;
}

type Found = Omit<Problem, "where"> & { readonly prop: string };

const MOST = 10;

/** Errors of an output's receivers that do not depend on its hosts. */
export function receiverProblems(receivers: IOutputReceiver[], props: OutputOptions): Found[] {
  const [first] = receivers;
  if (first === undefined) {
    return props.kafka === undefined
      ? []
      : [
          {
            prop: "kafka",
            what: "is given for an output that does not ship to Kafka",
            allowed: "kafka in outputs whose receivers are Kafka brokers",
            fix: "leave it out, or name brokers in to",
          },
        ];
  }
  const found: Found[] = [];
  const add = (prop: string, problem: Omit<Found, "prop">): void => void found.push({ prop, ...problem });
  const type = first.outputType;
  const others = receivers.filter(({ outputType }) => outputType.type !== type.type);
  if (others.length > 0) {
    add("to", {
      what: "contains receivers of several types, and an output has one",
      got: quoted([...new Set(receivers.map(({ outputType }) => outputType.type))].join(", ")),
      allowed: "receivers of one type",
      fix: "add one output for each type",
    });
  }
  const hosts = receivers.flatMap(({ outputHosts }) => outputHosts);
  if (hosts.length > MOST || serverCas(receivers).length > MOST) {
    add("to", {
      what: "has more hosts or CAs than Kibana takes in one output",
      got: `${hosts.length} hosts, ${serverCas(receivers).length} CAs`,
      allowed: `at most ${MOST} of each`,
      fix: "name fewer: Kafka clients learn the other brokers from the first, and Logstash can sit behind one name",
    });
  }
  if (type === OutputType.REMOTE_ELASTICSEARCH && receivers.length > 1) {
    add("to", {
      what: "contains several clusters, and an output has the service token of one",
      allowed: "one remote Elasticsearch an output",
      fix: "add one output for each cluster",
    });
  }
  const elsewhere = receivers.filter(({ serverCa }) => isCreatedElsewhere(serverCa, props.fleet));
  if (elsewhere.length > 0) {
    add("to", {
      what: `contains receivers whose CA is created in another stack than the fleet: ${elsewhere.map(({ node }) => node.path).join(", ")}`,
      allowed: "CAs of the fleet's stack, since that stack would otherwise depend on one that depends on it",
      fix: "create the CA there, as new CertificateAuthority(fleetStack, ID, PROPS), and set ca: CertificateAuthoritySource.existing(ca)",
    });
  }
  if (props.trust === OutputTrust.FINGERPRINT && !type.isElasticsearch) {
    add("trust", {
      what: `is a fingerprint, which outputs of type ${type.type} have no field for`,
      got: "OutputTrust.FINGERPRINT",
      allowed: "OutputTrust.INLINE or OutputTrust.HOST_FILE",
      fix: "use OutputTrust.INLINE",
    });
  }
  if (props.trust === OutputTrust.FINGERPRINT && receivers.some(({ serverCa }) => isSystemTrust(serverCa))) {
    add("trust", {
      what: "is a fingerprint of a CA of system(), which has none",
      allowed: "OutputTrust.INLINE",
      fix: "leave it out",
    });
  }
  if (props.furtherSettings !== undefined && /^["']?ssl["']?\s*(?:\.|:)/m.test(props.furtherSettings)) {
    add("furtherSettings", {
      what: "contains ssl, which this output writes",
      allowed: "any other setting, as YAML",
      fix: "remove ssl from it, and use the options of this output",
    });
  }
  return type === OutputType.KAFKA ? [...found, ...kafkaProblems(receivers, props)] : found;
}

/** Preconditions of an output for what only Terraform knows. */
export function outputPreconditions(output: Construct, { furtherSettings, kafka }: OutputOptions): Precondition[] {
  return [...furtherPreconditions(output, furtherSettings), ...versionPreconditions(output, kafka?.version)];
}

function versionPreconditions(output: Construct, version: string | undefined): Precondition[] {
  return version === undefined || isKnown(version)
    ? []
    : [
        {
          condition: Fn.contains(KAFKA_VERSIONS, expression(version)),
          errorMessage: `${output.node.path}: kafka.version is no version of the Kafka protocol that Kibana offers and Kafka 4 supports; write one of ${KAFKA_VERSIONS.join(", ")}`,
        },
      ];
}

/** What synth cannot check about further settings: whether they are a map, and without `ssl` however that is written. */
function furtherPreconditions(output: Construct, further: string | undefined): Precondition[] {
  if (further === undefined) {
    return [];
  }
  const names = Fn.join("\n", Fn.keys(Fn.yamldecode(expression(further))));
  const found = Fn.regexall(literalArgument("(?m)^ssl(?:[.]|$)"), names);
  return [
    {
      condition: Fn.try([Op.lt(Fn.lengthOf(found), 1), false]),
      errorMessage: `${output.node.path}: furtherSettings is no map, or contains ssl, which this output writes; write other settings of the output as YAML, such as bulk_max_size: 50`,
    },
  ];
}

/** Whether the fleet's stack would have to read a CA from another one. */
function isCreatedElsewhere(ca: ICertificateAuthority, fleet: IFleetTls): boolean {
  const { trustBundlePem } = ca;
  return (
    trustBundlePem !== undefined &&
    !isKnown(trustBundlePem) &&
    TerraformStack.of(ownerOf(ca)) !== TerraformStack.of(fleet)
  );
}

/**
 * Versions in Kibana's list (fleet/common/constants/output.ts, kafkaSupportedVersions) without those before 2.1, whose
 * clients Kafka 4 does not support (KIP-896). Every broker that reads PEM, from 2.7 on (KIP-651), accepts these.
 */
const KAFKA_VERSIONS = [
  ...["2.1.0", "2.1.1", "2.2.0", "2.2.1", "2.2.2", "2.3.0", "2.3.1", "2.4.0", "2.4.1", "2.5.0", "2.5.1", "2.6.0"],
];

function versionProblems(version: string | undefined): Found[] {
  return version === undefined || !isKnown(version) || KAFKA_VERSIONS.includes(version)
    ? []
    : [
        {
          prop: "kafka.version",
          what: "is no version of the Kafka protocol that Kibana offers and Kafka 4 supports",
          got: quoted(version),
          allowed: KAFKA_VERSIONS.join(", "),
          fix: "leave it out: it is then 2.6.0, which every later broker accepts",
        },
      ];
}

function kafkaProblems(receivers: IOutputReceiver[], options: OutputOptions): Found[] {
  return [...versionProblems(options.kafka?.version), ...authenticationProblems(receivers, options)];
}

function authenticationProblems(receivers: IOutputReceiver[], { kafka, fleet }: OutputOptions): Found[] {
  const authentication = kafkaAuthentication(receivers, kafka);
  const prop = "kafka.authentication";
  if (authentication === KafkaAuthentication.CLIENT_CERTIFICATE && !fleet.clientTls) {
    return [
      {
        prop,
        what: "is the client certificate, which agents of a one-way fleet do not have",
        allowed: "KafkaAuthentication.NONE or KafkaAuthentication.password",
        fix: "choose one of them, or use MutualFleetTls at the same id",
      },
    ];
  }
  const needsCertificate = receivers.filter((each) => each.clientAuthentication === ClientAuthentication.REQUIRED);
  if (authentication === KafkaAuthentication.NONE && needsCertificate.length > 0) {
    return [
      {
        prop,
        what: `is none, and ${needsCertificate[0]?.node.path} requires a client certificate`,
        allowed: "KafkaAuthentication.CLIENT_CERTIFICATE, or brokers that require none",
        fix: "leave it out, or set the broker's clientAuthentication",
      },
    ];
  }
  const mechanism = authentication._password?.mechanism.mechanism;
  const differing = receivers.filter(({ saslMechanism }) => saslMechanism !== mechanism);
  return differing.length === 0
    ? []
    : [
        {
          prop,
          what: `does not fit the listener of ${differing[0]?.node.path}`,
          got: `${mechanism ?? "no SASL"} against ${differing[0]?.saslMechanism ?? "no SASL"}`,
          allowed: "the SASL mechanism of each broker's listener, or none with brokers without one",
          fix: "set saslMechanism of the brokers and kafka.authentication of the output to the same mechanism",
        },
      ];
}

/** Errors of an output for hosts that run Elastic Defend. */
export function defendProblems(receivers: IOutputReceiver[], hosts: IFleetHost[]): Found[] {
  const defended = hosts.filter(({ elasticDefend }) => elasticDefend);
  if (defended.length === 0) {
    return [];
  }
  const names = defended
    .slice(0, 3)
    .map(({ node }) => node.path)
    .join(", ");
  if (receivers[0]?.outputType === OutputType.REMOTE_ELASTICSEARCH) {
    return [
      {
        prop: "hosts",
        what: `contains hosts with Elastic Defend, which does not support an output of type remote_elasticsearch: ${names}`,
        allowed: "hosts without elasticDefend",
        fix: "let those hosts ship to the fleet's own Elasticsearch, or take elasticDefend from them",
      },
    ];
  }
  return [];
}
