import { renderPage } from "../../lib/private/page/render-page";
import type { PageData } from "../../lib/private/page/page-data";
import { samplePage } from "./page-fixture";

const HOSTILE = `</script><script>alert(1)</script>"'&<img src=x onerror=alert(1)>`;

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

  test("says who is verified by what, in words beside the diagram", () => {
    const text = page.replace(/<[^>]+>/g, "").replace(/\s+/g, " ");
    expect(text).toContain("Fleet Server presents fleet-cert.pem, and agents check it with fleet-ca.pem.");
    expect(text).toContain("Agents present agent-cert.pem, and Fleet Server checks it with agent-ca.pem (required).");
    expect(text).toContain("Elasticsearch checks it with es-client-ca.pem (optional)");
  });

  test("every text of a user's is escaped, wherever it stands", () => {
    const [group] = data.agents;
    const [host] = data.hosts;
    const hostile: PageData = {
      ...data,
      name: HOSTILE,
      fleetServerUrl: HOSTILE,
      elasticsearchUrl: HOSTILE,
      elsewhere: [HOSTILE],
      settings: [{ title: HOSTILE, file: HOSTILE, text: HOSTILE }],
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

  test("a command that holds a secret is not there, but the path of its file", () => {
    const [host] = data.hosts;
    const secret = renderPage({ ...data, hosts: [{ ...host!, command: { file: "install-command.sh" } }] });
    expect(secret).toContain("It holds a secret");
    expect(secret).toContain("fleet-server/install-command.sh");
  });

  test("a certificate whose request is still missing is shown as such", () => {
    const [group] = data.agents;
    const waiting = { id: "web-1", certificate: { pem: null, renewBeforeHours: 1 }, command: "x" };
    expect(renderPage({ ...data, agents: [{ ...group!, members: [waiting] }] })).toContain("waits for the request");
  });

  test("agents with the same command share one block; others have their own", () => {
    const [group] = data.agents;
    const members = [...group!.members, { ...group!.members[0]!, id: "other", command: "another command" }];
    const rendered = renderPage({ ...data, agents: [{ ...group!, members }] });
    expect(rendered).toContain("Install command of 3 agents");
    expect(rendered).toContain("Install command of other");
  });

  test("agents in other stacks are named, without what this stack cannot know", () => {
    const rendered = renderPage({ ...data, elsewhere: ["edge/far-1"] });
    expect(rendered.replace(/\s+/g, " ")).toContain("1 more agent is in other stacks");
    expect(rendered).toContain("edge/far-1");
  });

  test("a thousand agents cost less than a kilobyte each", () => {
    const small = renderPage(samplePage(0)).length;
    const large = renderPage(samplePage(1000));
    expect((large.length - small) / 1000).toBeLessThan(1000);
    expect(large.match(/elastic-agent install --url/g)).toHaveLength(1);
  });
});
