import { asList, asMap, asText } from "./compose";
import type { Container } from "./container";
import { virtualFile } from "./container";
import type { FolderFile } from "./host-folder";
import type { Sources } from "./kubernetes";
import type { Setting } from "./settings";

/** Files of the chart: its value, its variable, and the name of its file when the value is inline. */
const FILES = [
  ["ca", "FLEET_CA", "fleet.ca"],
  ["agentCert", "ELASTIC_AGENT_CERT", "fleet.agentcert"],
  ["agentCertKey", "ELASTIC_AGENT_CERT_KEY", "fleet.agentcert.key"],
  ["kibanaCA", "KIBANA_FLEET_CA", "fleet.kibana.ca"],
] as const;

/** Texts of the chart and their variables. */
const TEXTS = {
  url: "FLEET_URL",
  token: "FLEET_ENROLLMENT_TOKEN",
  insecure: "FLEET_INSECURE",
  force: "FLEET_FORCE",
  tokenName: "FLEET_TOKEN_NAME",
  policyName: "FLEET_TOKEN_POLICY_NAME",
  kibanaHost: "KIBANA_FLEET_HOST",
  kibanaUser: "KIBANA_FLEET_USERNAME",
  kibanaPassword: "KIBANA_FLEET_PASSWORD",
  kibanaServiceToken: "KIBANA_FLEET_SERVICE_TOKEN",
} as const;

const MOUNT = "/mnt/secrets/elastic-agent";

/** Whether a document is values of the elastic-agent chart with an agent that is managed by Fleet. */
export function isHelm(document: Setting): boolean {
  return asText(asMap(asMap(asMap(document)["agent"])["fleet"])["enabled"]) === "true";
}

/**
 * The container that values of the elastic-agent chart describe (elastic-agent deploy/helm/elastic-agent,
 * templates/agent/_helpers.tpl). Secrets are looked up among the objects of the same folder.
 */
export function helmContainer(document: Setting, sources: Sources): Container {
  const agent = asMap(asMap(document)["agent"]);
  const fleet = asMap(agent["fleet"]);
  const files = new Map<string, FolderFile>();
  const variables = new Map<string, string | undefined>([["FLEET_ENROLL", "true"]]);
  for (const [value, variable] of Object.entries(TEXTS)) {
    const secret = asMap(fleet[`${value}FromSecret`]);
    const text = asText(fleet[value]);
    if (isSet(secret["name"])) {
      variables.set(variable, secretValue(secret, sources)?.toString("utf8"));
    } else if (isSet(text) && text !== "false") {
      variables.set(variable, text);
    }
  }
  for (const [value, variable, name] of FILES) {
    const { value: pem, valueFromSecret } = asMap(fleet[value]);
    const secret = asMap(valueFromSecret);
    if (isSet(pem)) {
      add(variable, `${MOUNT}/${name}`, Buffer.from(asText(pem)!));
    } else if (isSet(secret["name"])) {
      add(variable, `${MOUNT}/${asText(secret["name"])}.${asText(secret["key"]) ?? ""}`, secretValue(secret, sources));
    }
  }
  const preset = asMap(asMap(agent["presets"])[asText(fleet["preset"]) ?? "perNode"]);
  for (const item of asList(preset["extraEnvs"])) {
    const { name, value } = asMap(item);
    variables.set(asText(name) ?? "", asText(value));
  }
  return { name: "agent", image: "elastic-agent", variables, files };

  function add(variable: string, path: string, bytes: Buffer | undefined): void {
    variables.set(variable, path);
    if (bytes !== undefined) files.set(path, virtualFile(path, bytes));
  }
}

function secretValue(secret: Readonly<Record<string, Setting>>, sources: Sources): Buffer | undefined {
  return sources.get(`Secret/${asText(secret["name"])}`)?.get(asText(secret["key"]) ?? "");
}

function isSet(value: Setting | undefined): boolean {
  return value !== undefined && value !== "" && value !== "null" && value !== "~";
}
