import type { PageAgent, PageData } from "../../lib/fleet/page-data";
import { inTemporaryFolder } from "../support/apps";
import { CLIENT, Pki, SERVER } from "../support/pki";

/** A page's data with real certificates, made when a test runs. */
export function samplePage(agents: number): PageData {
  return inTemporaryFolder((folder) => {
    const pki = new Pki(folder);
    for (const name of ["fleet-ca", "es-ca", "agent-ca"]) pki.authority(name);
    pki.leaf("fleet-cert", "fleet-ca", SERVER, ["DNS:fleet.example.com"]);
    pki.leaf("es-cert", "es-ca", SERVER, ["DNS:es.example.com"]);
    pki.leaf("agent-cert", "agent-ca", CLIENT);
    const agentCert = pki.text("agent-cert");
    const members = Array.from({ length: agents }, (_, index): PageAgent => ({
      id: `web-${index + 1}`,
      certificate: { pem: agentCert, renewBeforeHours: 133 * 24 },
      command: "elastic-agent install --url=https://fleet.example.com:8220 --non-interactive",
    }));
    return {
      name: "mutual/fleet",
      isMutual: true,
      isExternal: false,
      isOneCertificate: false,
      fleetServerHosts: [{ name: "mutual-fleet Fleet Server", urls: ["https://fleet.example.com:8220"] }],
      elasticsearchUrl: "https://es.example.com:9200",
      clientAuthentication: "required",
      elasticsearchClientAuthentication: "optional",
      authorities: [
        { id: "fleet", file: "fleet-ca.pem", pem: pki.text("fleet-ca") },
        { id: "elasticsearch", file: "es-ca.pem", pem: pki.text("es-ca") },
        { id: "agent", file: "agent-ca.pem", pem: pki.text("agent-ca") },
      ],
      elasticsearchClientAuthorities: ["elasticsearch", "agent"],
      prerequisites: [{ text: "the policy `fleet-server-policy` in Kibana", hosts: [], moreHosts: 0 }],
      hosts: [
        {
          kind: "fleet-server",
          title: "Fleet Server",
          reader: "the user that runs the agent",
          settings: [],
          id: "fleet-server",
          folder: "fleet-server",
          platform: "linux",
          hostDirectory: "/etc/elastic-agent/certs",
          files: [
            { name: "fleet-cert.pem", mode: "0644" },
            { name: "fleet-cert-key.pem", mode: "0600" },
          ],
          certificates: [
            { file: "fleet-cert.pem", authority: "fleet", pem: pki.text("fleet-cert"), renewBeforeHours: 133 * 24 },
          ],
          command: {
            file: "install-command.sh",
            text: "elastic-agent install \\\n--url=https://fleet.example.com:8220",
          },
        },
        {
          kind: "elasticsearch",
          title: "Elasticsearch",
          reader: "the user that runs Elasticsearch",
          id: "elasticsearch",
          folder: "elasticsearch",
          platform: "linux",
          hostDirectory: "/etc/elasticsearch/certs",
          files: [{ name: "es-cert.pem", mode: "0644" }],
          certificates: [
            { file: "es-cert.pem", authority: "elasticsearch", pem: pki.text("es-cert"), renewBeforeHours: 133 * 24 },
          ],
          settings: [
            {
              title: "For elasticsearch.yml",
              file: "elasticsearch.tls.yml",
              text: "xpack.security.http.ssl.enabled: true\n",
              hint: "Add them to `elasticsearch.yml`.",
            },
          ],
        },
      ],
      agents: [
        {
          platform: "linux",
          hostDirectory: "/etc/elastic-agent/certs",
          files: [{ name: "agent-cert.pem", mode: "0644" }],
          commandFile: "install-command.sh",
          members,
        },
      ],
      agentsElsewhere: [],
      hostsElsewhere: [],
      outputs: [{ title: "Output", hosts: ["web-1", "web-2", "web-3"], moreHosts: 4, text: "ssl: {}\n" }],
      policies: [],
      fleetProxies: [],
      downloadSources: [],
      outputUrl: "https://es.example.com:9200",
      isFleetDeclared: false,
      nextRenewal: "2100-01-01T00:00:00Z",
      outputDirectory: "fleet-tls/mutual/fleet",
    };
  });
}
