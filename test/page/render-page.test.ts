import * as fs from "node:fs";

import type { PageData } from "../../lib/fleet/page-data";
import { renderPage } from "../../page/render-page";
import { Pki, SERVER } from "../support/pki";
import { samplePage } from "./page-fixture";

const HOSTILE = `</script><script>alert(1)</script>"'&<img src=x onerror=alert(1)>`;

/** The text of a page, as a person reads it. */
function textOf(data: PageData): string {
  const page = renderPage(data).replace(/<(script|style)>.*?<\/\1>/gs, " ");
  return page
    .replace(/<[^>]+>/g, "")
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, " ");
}

describe("the operator's page", () => {
  const data = samplePage(3);
  const page = renderPage(data);

  test("is the same for the same data", () => {
    expect(renderPage(data)).toBe(page);
  });

  test("loads nothing from anywhere", () => {
    expect(page).not.toMatch(/<(link|img|iframe|object|embed)\b|@import|url\((?!#)|src=|\bfetch\(/i);
    expect(page).toContain("default-src &#39;none&#39;");
  });

  test("lists in words, next to the diagram, which CA verifies which host", () => {
    const text = textOf(data);
    expect(text).toContain("Fleet Server presents fleet-cert.pem, and agents check it with fleet-ca.pem.");
    expect(text).toContain("Agents present agent-cert.pem, and Fleet Server checks it with agent-ca.pem (required).");
    expect(text).toContain("Elasticsearch checks it with es-client-ca.pem (optional)");
  });

  test("every text of the user is escaped everywhere", () => {
    const [group] = data.agents;
    const [host] = data.hosts;
    const hostile: PageData = {
      ...data,
      name: HOSTILE,
      fleetServerHosts: [{ name: HOSTILE, urls: [HOSTILE, HOSTILE] }],
      elasticsearchUrl: HOSTILE,
      agentsElsewhere: [HOSTILE],
      hostsElsewhere: [HOSTILE],
      outputs: [{ title: HOSTILE, file: HOSTILE, hosts: [HOSTILE], moreHosts: 0, text: HOSTILE }],
      outputUrl: HOSTILE,
      outputDirectory: HOSTILE,
      hosts: [
        { ...host!, id: HOSTILE, folder: HOSTILE, hostDirectory: HOSTILE, command: { file: HOSTILE, text: HOSTILE } },
      ],
      agents: [{ ...group!, hostDirectory: HOSTILE, members: [{ id: HOSTILE, command: HOSTILE }] }],
    };
    const rendered = renderPage(hostile);
    expect(rendered).not.toContain("<script>alert");
    expect(rendered).not.toContain("<img");
    expect(rendered.match(/<script>/g)).toHaveLength(1);
  });

  test("a command that contains a secret is replaced by the path of its file", () => {
    const [host] = data.hosts;
    const secret = renderPage({ ...data, hosts: [{ ...host!, command: { file: "install-command.sh" } }] });
    expect(secret).toContain("It contains a secret");
    expect(secret).toContain("fleet-server/install-command.sh");
  });

  test("a certificate whose request is still missing is shown as such", () => {
    const [group] = data.agents;
    const waiting = { id: "web-1", certificate: { pem: null, renewBeforeHours: 1 }, command: "x" };
    expect(renderPage({ ...data, agents: [{ ...group!, members: [waiting] }] })).toContain("waits for the request");
  });

  test("a certificate that exists on its host is described from its copy, with its owner's duty to renew it", () => {
    const [host, ...others] = data.hosts;
    const copy = { file: "fleet-cert, on the host", pem: host!.certificates[0]!.pem };
    const text = textOf({ ...data, hosts: [{ ...host!, certificates: [copy] }, ...others] });
    expect(text).toMatch(
      /fleet-cert, on the host ?fleet-ca ?fleet\.example\.com ?\d{4}-\d\d-\d\d ?by its owner ?[0-9a-f]{64}/,
    );
  });

  test("agents with the same command share one block; others have their own", () => {
    const [group] = data.agents;
    const members = [...group!.members, { ...group!.members[0]!, id: "other", command: "another command" }];
    const rendered = renderPage({ ...data, agents: [{ ...group!, members }] });
    expect(rendered).toContain("Install command of 3 agents");
    expect(rendered).toContain("Install command of other");
  });

  test("hosts in other stacks are named, without what this stack cannot know", () => {
    const text = textOf({ ...data, agentsElsewhere: ["edge/far-1"], hostsElsewhere: ["edge/fleet-2", "edge/es-2"] });
    expect(text).toContain("1 more agent is in other stacks");
    expect(text).toContain("edge/far-1");
    expect(text).toContain("2 more hosts are in other stacks");
  });

  test("the page lists what to enter in Kibana, and says that nothing is needed if kibana.yml declares it", () => {
    expect(textOf(data)).toContain("Enter this in Kibana under Fleet, Settings. Leave every field for TLS empty");
    expect(textOf(data)).toContain("For the policies of web-1, web-2, web-3 and 4 more.");
    expect(textOf({ ...data, isFleetDeclared: true })).toContain("there is nothing to enter by hand");
  });

  test("each policy lists its options, and a download source has JSON to copy", () => {
    const text = textOf({
      ...data,
      policies: [
        {
          name: "fleet desks",
          enrollmentToken: "the variable `DESKS_TOKEN`",
          fleetServerHosts: "fleet berlin",
          dataOutput: "fleet windows",
          monitoringOutput: "fleet windows",
          proxyUrl: "http://proxy.example.com:3128",
          hosts: ["desk-1"],
          moreHosts: 2,
        },
      ],
      downloadSources: [{ name: "fleet mirror", file: "download-sources/mirror.json", text: '{"id":"fleet-mirror"}' }],
    });
    for (const part of [
      "fleet desks",
      "DESKS_TOKEN",
      "fleet berlin",
      "fleet windows",
      "http://proxy.example.com:3128",
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain("desk-1 and 2 more");
    expect(text).toContain("Agent binary download source fleet mirror");
    expect(textOf(data)).not.toContain("Agent policies");
  });

  test("an existing Elasticsearch is listed with the certificate that it has to present", () => {
    const hosts = data.hosts.filter(({ kind }) => kind !== "elasticsearch");
    const text = textOf({ ...data, hosts, elasticsearchClientAuthentication: undefined });
    expect(text).toContain(
      "It exists elsewhere and needs nothing from here. What it presents at https://es.example.com:9200",
    );
  });

  test("an intermediate is shown as itself: with its root, and as what signed the certificates", () => {
    const pki = new Pki();
    try {
      pki.authority("company-root");
      pki.authority("fleet-intermediate", "company-root");
      pki.leaf("server", "fleet-intermediate", SERVER, ["DNS:fleet.example.com"]);
      const pem = fs.readFileSync(pki.chain("server", "fleet-intermediate"), "utf8");
      const [host, ...others] = data.hosts;
      const hosts = [{ ...host!, certificates: [{ ...host!.certificates[0]!, pem }] }, ...others];
      const authorities = [{ ...data.authorities[0]!, pem: pki.text("company-root") }, ...data.authorities.slice(1)];
      const text = textOf({ ...data, hosts, authorities });
      expect(text).toMatch(/Fleet CA *fleet-intermediate *intermediate, presented with each certificate/);
      expect(text).toMatch(/Fleet CA *by fleet-intermediate/);
      expect(textOf(data)).not.toMatch(/intermediate/);
    } finally {
      pki.dispose();
    }
  });

  test("prerequisites come before the hosts", () => {
    expect(textOf(data)).toMatch(/Provide: *the policy fleet-server-policy in Kibana[^]*Elasticsearch/);
    expect(textOf({ ...data, prerequisites: [] })).not.toContain("Provide:");
  });

  test("the next renewal is the fleet's own, with the certificates that are due by then", () => {
    expect(textOf(data)).toMatch(/Due first, 2100-01-01: .*fleet-cert.pem of fleet-server, .* and 2 more certificates/);
    expect(textOf({ ...data, nextRenewal: "2000-01-01T00:00:00Z" })).toContain("a certificate authority");
    expect(textOf({ ...data, nextRenewal: "" })).toContain("Nothing here is renewed by a deploy.");
  });

  test("the commands to check and to watch the folders can be pasted for every folder name", () => {
    expect(textOf(data)).toContain("npx fleet-tls verify fleet-tls/mutual/fleet ");
    expect(textOf({ ...data, outputDirectory: "it's here" })).toContain(`npx fleet-tls verify 'it'\\''s here'`);
  });

  test("a Fleet Server with one certificate presents it to all, and a CA of its own has a letter of its own", () => {
    const text = textOf({ ...data, isOneCertificate: true });
    expect(text).toContain("Fleet Server presents fleet-cert.pem, and Elasticsearch checks it with es-client-ca.pem");
    expect(text).not.toContain("fleet-es-cert.pem");
    const own = { id: "fleetEs", file: "es-client-ca.pem", pem: data.authorities[2]!.pem } as const;
    const admitted: PageData["elasticsearchClientAuthorities"] = ["fleetEs", "agent"];
    const page = renderPage({
      ...data,
      authorities: [...data.authorities, own],
      elasticsearchClientAuthorities: admitted,
    });
    expect(page).toContain("es-client-ca.pem (Fleet-to-Elasticsearch CA and Agent CA)");
  });

  test("a container has its environment to copy, and no command", () => {
    const [group] = data.agents;
    const members = [{ id: "box-1", command: "FLEET_ENROLL=1\n" }];
    const text = textOf({ ...data, agents: [{ ...group!, commandFile: "container.env", members }] });
    expect(text).toContain("Environment of box-1");
    expect(text).toContain("Mount the files of agents/box-1/");
    expect(text).not.toContain("Install command of box-1");
  });

  test("long names stay in the diagram's boxes, and are whole in their titles", () => {
    const id = "a-fleet-server-with-a-name-of-as-many-letters-as-there-may-be-64";
    const [host, ...others] = data.hosts;
    const page = renderPage({ ...data, hosts: [{ ...host!, id }, ...others] });
    expect(page).toContain(`${id.slice(0, 33)}…<title>${id}</title>`);
  });

  test("a thousand agents cost less than a kilobyte each", () => {
    const small = renderPage(samplePage(0)).length;
    const large = renderPage(samplePage(1000));
    expect((large.length - small) / 1000).toBeLessThan(1000);
    expect(large.match(/elastic-agent install --url/g)).toHaveLength(1);
  });
});
