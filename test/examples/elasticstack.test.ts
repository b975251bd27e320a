import type { Block } from "../support/synth";
import { Example, ExampleProject } from "./example";

/** terraform-provider-elasticstack 0.16.3, docs/resources: the attributes of what the example makes. */
const SCHEMAS: Record<string, { required: string[]; optional: string[] }> = {
  elasticstack_fleet_server_host: {
    required: ["hosts", "name"],
    optional: ["default", "host_id", "kibana_connection", "space_ids", "timeouts"],
  },
  elasticstack_fleet_output: {
    required: ["hosts", "name", "type"],
    optional: [
      ...["ca_sha256", "ca_trusted_fingerprint", "config_yaml", "default_integrations", "default_monitoring", "kafka"],
      ...["kibana_connection", "output_id", "service_token", "space_ids", "ssl", "timeouts"],
    ],
  },
  elasticstack_fleet_agent_policy: {
    required: ["name", "namespace"],
    optional: [
      ...["data_output_id", "monitoring_output_id", "fleet_server_host_id", "policy_id", "description"],
      "download_source_id",
    ],
  },
  elasticstack_fleet_agent_download_source: {
    required: ["host", "name"],
    optional: ["default", "kibana_connection", "proxy_id", "source_id", "space_ids"],
  },
};

const project = new ExampleProject();
afterAll(() => project.dispose());
const example = new Example(project, "elasticstack");

const stack = example.synth()["fleet"]!;
const ofProvider = (type: string): Block[] => stack.resources(`elasticstack_${type}`);
const logicalId = (output: string): string => `elasticstack_fleet_output.${output}-output`;

test("every attribute is one that the provider knows, and none is missing that it requires", () => {
  const made = stack.resources().filter(({ type }) => type.startsWith("elasticstack_"));
  expect(made.map(({ type }) => type).sort()).toEqual([
    "elasticstack_fleet_agent_download_source",
    ...["elasticstack_fleet_agent_policy", "elasticstack_fleet_agent_policy"],
    ...Array.from({ length: 5 }, () => "elasticstack_fleet_output"),
    ...["elasticstack_fleet_server_host", "elasticstack_fleet_server_host"],
  ]);
  for (const { type, attributes } of made) {
    const { required, optional } = SCHEMAS[type]!;
    expect(Object.keys(attributes)).toEqual(expect.arrayContaining(required));
    expect([...required, ...optional]).toEqual(expect.arrayContaining(Object.keys(attributes)));
  }
});

test("the README lists every object by its name, and sets every variable", () => {
  const lines = stack.resources().flatMap(({ type, attributes }) => {
    const [, kind] = /^elasticstack_(.*)$/.exec(type) ?? [];
    return kind === undefined ? [] : [`${kind}: ${String(attributes["name"])}`];
  });
  expect(example.list.trim().split("\n")).toEqual(lines.sort());
  const set = [...example.read("README.md").matchAll(/\bTF_VAR_(\w+)=/g)].map(([, name]) => name);
  expect(set.sort()).toEqual(Object.keys(stack.json["variable"]).sort());
});

test("the provider is the registry's, and its key a variable that Terraform hides", () => {
  expect(stack.terraform["required_providers"]["elasticstack"]).toEqual({
    source: "elastic/elasticstack",
    version: "~> 0.16",
  });
  expect(stack.json["provider"]["elasticstack"]).toEqual([
    { kibana: [{ endpoints: ["https://kibana.example.com:5601"], api_key: "${var.kibana_api_key}" }] },
  ]);
  expect(stack.json["variable"]["kibana_api_key"]["sensitive"]).toBe(true);
});

test("the Fleet Server hosts are the URLs that the commands name, one list the default, without TLS of their own", () => {
  const lists = ofProvider("fleet_server_host").map(({ attributes }) => attributes);
  expect(lists).toEqual([
    {
      host_id: "fleet-fleet-fleet-server",
      name: "fleet-fleet Fleet Server",
      hosts: ["https://fleet.example.com:8220"],
      default: true,
    },
    {
      host_id: "fleet-fleet-oslo",
      name: "fleet-fleet oslo",
      hosts: ["https://fleet.oslo.example.com:8220"],
      default: false,
    },
  ]);
  for (const [index, agent] of ["web-1", "desk-1"].entries()) {
    expect(String(stack.local(`fleet_agents_${agent}_command`))).toContain(`--url=${lists[index]!["hosts"][0]}`);
  }
});

test.each(["linux", "windows"])("the output of %s has the same content as its file", (platform) => {
  const output = ofProvider("fleet_output").find(({ name }) => name === `${platform}-output`)!.attributes;
  expect(output["config_yaml"]).toBe(stack.resource(`fleet/outputs/${platform}/file`).attributes["content"]);
  expect(output).toMatchObject({ output_id: `fleet-fleet-${platform}`, hosts: ["https://es.example.com:9200"] });
  expect(output).not.toHaveProperty("ssl");
});

test("one output is the default, and each policy has the output of its platform", () => {
  const defaults = ofProvider("fleet_output").flatMap(({ attributes }) => attributes["default_integrations"] ?? []);
  expect(defaults).toEqual([true, false]);
  const policies = ofProvider("fleet_agent_policy").map(({ attributes }) => attributes);
  expect(policies).toEqual(
    [
      ["linux", "fleet-server"],
      ["windows", "oslo"],
    ].map(([platform, site]) =>
      expect.objectContaining({
        namespace: "default",
        data_output_id: `\${${logicalId(platform!)}.output_id}`,
        monitoring_output_id: `\${${logicalId(platform!)}.output_id}`,
        fleet_server_host_id: `\${elasticstack_fleet_server_host.${site}-host.host_id}`,
      }),
    ),
  );
  expect(policies[1]).toMatchObject({
    policy_id: "fleet-fleet-windows",
    name: "fleet-fleet windows",
    download_source_id: "${elasticstack_fleet_agent_download_source.mirror-source.source_id}",
  });
});

test("an agent names only its policy, and its command asks for the policy's token", () => {
  expect(String(stack.local("fleet_agents_desk-1_command"))).toContain("WINDOWS_ENROLLMENT_TOKEN");
  expect(String(stack.local("fleet_agents_web-1_command"))).toContain("FLEET_ENROLLMENT_TOKEN");
});

test("the download source is the fleet's", () => {
  expect(ofProvider("fleet_agent_download_source").map(({ attributes }) => attributes)).toEqual([
    {
      source_id: "fleet-fleet-mirror",
      name: "fleet-fleet mirror",
      host: "https://artifacts.example.com/downloads/",
      default: false,
    },
  ]);
});

test.each([
  ["logstash", "logstash", "logstash.example.com:5044", {}],
  ["kafka-1", "kafka", "kafka-1.example.com:9094", { auth_type: "ssl", topic: "elastic-agent", version: "2.6.0" }],
  ["berlin", "remote_elasticsearch", "https://es.berlin.example.com:9200", {}],
])("the output to %s has its type, its address and its settings", (id, type, host, kafka) => {
  const { attributes } = ofProvider("fleet_output").find(({ name }) => name === `${id}-output`)!;
  expect(attributes).toMatchObject({ type, hosts: [host] });
  expect(attributes["config_yaml"]).toBe(stack.resource(`fleet/outputs/${id}/file`).attributes["content"]);
  expect(attributes["kafka"] ?? {}).toEqual(kafka);
  expect(attributes["service_token"]).toBe(id === "berlin" ? "${var.berlin_service_token}" : undefined);
  expect(stack.json["variable"]["berlin_service_token"]["sensitive"]).toBe(true);
});

test("kibana.yml leaves Fleet to the provider and configures Kibana's own connection", () => {
  const settings = String(stack.local("fleet_kibana_settings"));
  expect(settings).toContain("elasticsearch.ssl.certificate");
  expect(settings).not.toContain("xpack.fleet");
});
