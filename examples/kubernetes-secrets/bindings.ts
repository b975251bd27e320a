import { TerraformProvider, TerraformResource } from "cdktf";
import type { Construct } from "constructs";

/**
 * The two resources of Terraform's provider hashicorp/kubernetes that the example needs, under the attributes' own names
 * (2.38, docs/resources). `@cdktf/provider-kubernetes` has the whole of it.
 */
const METADATA = { providerName: "kubernetes", providerVersionConstraint: "~> 2.38" };

export class KubernetesProvider extends TerraformProvider {
  constructor(
    scope: Construct,
    id: string,
    private readonly config: { readonly configPath: string },
  ) {
    super(scope, id, {
      terraformResourceType: "kubernetes",
      terraformGeneratorMetadata: METADATA,
      terraformProviderSource: "hashicorp/kubernetes",
    });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { config_path: this.config.configPath };
  }
}

export interface KubernetesObjectConfig {
  readonly name: string;
  readonly namespace: string;
  readonly data: { [name: string]: string };
}

abstract class KubernetesObject extends TerraformResource {
  protected constructor(
    scope: Construct,
    id: string,
    type: string,
    private readonly config: KubernetesObjectConfig,
  ) {
    super(scope, id, { terraformResourceType: type, terraformGeneratorMetadata: METADATA });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { name, namespace, data } = this.config;
    return { metadata: { name, namespace }, data };
  }
}

export class KubernetesSecret extends KubernetesObject {
  constructor(scope: Construct, id: string, config: KubernetesObjectConfig) {
    super(scope, id, "kubernetes_secret_v1", config);
  }
}

export class KubernetesConfigMap extends KubernetesObject {
  constructor(scope: Construct, id: string, config: KubernetesObjectConfig) {
    super(scope, id, "kubernetes_config_map_v1", config);
  }
}
