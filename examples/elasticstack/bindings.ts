import { TerraformProvider, TerraformResource } from "cdktf";
import type { Construct } from "constructs";

/**
 * As much of Terraform's provider elastic/elasticstack as the example needs, since no package of ready-made bindings
 * exists. Attribute for attribute as the provider's documentation has them (0.16.3, docs/resources); the whole of it comes from
 * `cdktf get` with `elastic/elasticstack@~> 0.16` in `terraformProviders` of cdktf.json, under the same names.
 */
const METADATA = { providerName: "elasticstack", providerVersionConstraint: "~> 0.16" };

export interface ElasticstackProviderConfig {
  readonly kibana: {
    readonly endpoints: string[];
    /** A secret: only ever a sensitive variable. */
    readonly apiKey: string;
    /** Files on the machine that runs Terraform, by which Kibana's own certificate is verified. */
    readonly caCerts?: string[];
  };
}

export class ElasticstackProvider extends TerraformProvider {
  constructor(
    scope: Construct,
    id: string,
    private readonly config: ElasticstackProviderConfig,
  ) {
    super(scope, id, {
      terraformResourceType: "elasticstack",
      terraformGeneratorMetadata: METADATA,
      terraformProviderSource: "elastic/elasticstack",
    });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { endpoints, apiKey, caCerts } = this.config.kibana;
    return { kibana: [{ endpoints, api_key: apiKey, ca_certs: caCerts }] };
  }
}

export interface ElasticstackFleetServerHostConfig {
  readonly hostId: string;
  readonly name: string;
  readonly hosts: string[];
  readonly default?: boolean;
}

/** The resource has no TLS settings at all, which is just right: agents have theirs from their commands. */
export class ElasticstackFleetServerHost extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly config: ElasticstackFleetServerHostConfig,
  ) {
    super(scope, id, {
      terraformResourceType: "elasticstack_fleet_server_host",
      terraformGeneratorMetadata: METADATA,
    });
  }

  public get hostId(): string {
    return this.getStringAttribute("host_id");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { hostId, ...others } = this.config;
    return { ...others, host_id: hostId };
  }
}

export interface ElasticstackFleetOutputConfig {
  readonly outputId: string;
  readonly name: string;
  /** `elasticsearch`, `remote_elasticsearch`, `logstash` or `kafka`. */
  readonly type: string;
  readonly hosts: string[];
  /** What Kibana calls advanced YAML configuration. The provider marks it as sensitive. */
  readonly configYaml: string;
  readonly defaultIntegrations?: boolean;
  readonly defaultMonitoring?: boolean;
  /** Service token of a remote Elasticsearch. A secret: only ever a sensitive variable, and in the state. */
  readonly serviceToken?: string;
  readonly kafka?: ElasticstackFleetOutputKafka;
}

export interface ElasticstackFleetOutputKafka {
  readonly authType: string;
  readonly topic: string;
  readonly version: string;
}

export class ElasticstackFleetOutput extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly config: ElasticstackFleetOutputConfig,
  ) {
    super(scope, id, { terraformResourceType: "elasticstack_fleet_output", terraformGeneratorMetadata: METADATA });
  }

  public get outputId(): string {
    return this.getStringAttribute("output_id");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { outputId, name, type, hosts, configYaml, defaultIntegrations, defaultMonitoring } = this.config;
    const { serviceToken, kafka } = this.config;
    return {
      ...{ output_id: outputId, name, type, hosts, config_yaml: configYaml, service_token: serviceToken },
      ...{ default_integrations: defaultIntegrations, default_monitoring: defaultMonitoring },
      kafka: kafka && { auth_type: kafka.authType, topic: kafka.topic, version: kafka.version },
    };
  }
}

export interface ElasticstackFleetAgentPolicyConfig {
  readonly name: string;
  readonly namespace: string;
  readonly dataOutputId: string;
  readonly monitoringOutputId: string;
  readonly fleetServerHostId: string;
  readonly downloadSourceId?: string;
  readonly policyId?: string;
}

export class ElasticstackFleetAgentPolicy extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly config: ElasticstackFleetAgentPolicyConfig,
  ) {
    super(scope, id, {
      terraformResourceType: "elasticstack_fleet_agent_policy",
      terraformGeneratorMetadata: METADATA,
    });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { name, namespace, dataOutputId, monitoringOutputId, fleetServerHostId } = this.config;
    const { downloadSourceId, policyId } = this.config;
    return {
      ...{ name, namespace, policy_id: policyId, fleet_server_host_id: fleetServerHostId },
      download_source_id: downloadSourceId,
      ...{ data_output_id: dataOutputId, monitoring_output_id: monitoringOutputId },
    };
  }
}

export interface ElasticstackFleetAgentDownloadSourceConfig {
  readonly sourceId: string;
  readonly name: string;
  readonly host: string;
  readonly default?: boolean;
}

/** The resource has no field for a CA: agents verify the server with their operating system's CAs. */
export class ElasticstackFleetAgentDownloadSource extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly config: ElasticstackFleetAgentDownloadSourceConfig,
  ) {
    super(scope, id, {
      terraformResourceType: "elasticstack_fleet_agent_download_source",
      terraformGeneratorMetadata: METADATA,
    });
  }

  public get sourceId(): string {
    return this.getStringAttribute("source_id");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { sourceId, ...others } = this.config;
    return { ...others, source_id: sourceId };
  }
}
