import { Example, ExampleProject } from "./example";

/** terraform-provider-kubernetes 2.38, docs/resources: the attributes that both kinds of object have. */
const KNOWN = ["metadata", "data"];

const project = new ExampleProject();
afterAll(() => project.dispose());
const example = new Example(project, "kubernetes-secrets");

const stack = example.synth()["kubernetes"]!;
const names = (type: string, object: string): string[] =>
  Object.keys(stack.resources(type).find(({ name }) => name === object)!.attributes["data"]).sort();

test("no resource writes a file", () => {
  expect(stack.resources("local_file")).toEqual([]);
  expect(stack.resources("local_sensitive_file")).toEqual([]);
});

test("every attribute is one that the provider knows", () => {
  const objects = stack.resources().filter(({ type }) => type.startsWith("kubernetes_"));
  expect(objects).toHaveLength(6);
  for (const { attributes } of objects) expect(Object.keys(attributes).sort()).toEqual([...KNOWN].sort());
});

test("the README lists every object with its keys", () => {
  const lines = stack.resources().flatMap(({ type, attributes }) => {
    const { metadata, data } = attributes as { metadata?: { name: string }; data?: object };
    return metadata && data ? [`${type} ${metadata.name}: ${Object.keys(data).sort().join(" ")}`] : [];
  });
  expect(example.list.trim().split("\n")).toEqual(lines.sort());
});

test("keys are in the secret, and everything else in the config map", () => {
  expect(names("kubernetes_secret_v1", "agents-node-secret")).toEqual(["agent-cert-key.pem"]);
  expect(names("kubernetes_config_map_v1", "agents-node-config")).toEqual([
    ...["agent-cert.pem", "container.env", "es-ca.pem", "fleet-ca.pem"],
  ]);
  expect(names("kubernetes_secret_v1", "fleet-server-secret")).toEqual([
    ...["agent-cert-key.pem", "fleet-cert-key.pem", "fleet-es-cert-key.pem"],
  ]);
});

test("every value of a secret is a local that Terraform marks as sensitive", () => {
  for (const { attributes } of stack.resources("kubernetes_secret_v1")) {
    for (const value of Object.values(attributes["data"] as Record<string, string>)) {
      const [, local] = /^\$\{local\.(.+)\}$/.exec(value)!;
      expect(stack.json["locals"][local!]).toMatch(/^\$\{sensitive\(/);
    }
  }
});
