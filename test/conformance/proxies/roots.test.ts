import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:https";
import { createServer, request } from "node:https";

import { ClientAuthentication, ProxySoftware } from "../../../lib";
import { configurationOf } from "../../../lib/host/private/proxy/files";
import { CLIENT, Pki, SERVER } from "../../support/pki";
import { freePorts } from "./proxied-hosts";
import type { Program } from "./proxy-process";
import { missingProgram, ProxyProcess } from "./proxy-process";

jest.setTimeout(120_000);

const SOFTWARE = { nginx: ProxySoftware.NGINX, haproxy: ProxySoftware.HAPROXY };

/** CAs that a proxy reads, by the names of their files. */
interface Bundles {
  readonly client: string[];
  readonly upstream: string[];
}

describe.each(["nginx", "haproxy"] as const)("%s", (program: Program) => {
  const pki = new Pki();
  const run = missingProgram(program) === undefined ? test : test.skip;
  let upstream: Server;
  let port: number;
  let upstreamPort: number;

  beforeAll(async () => {
    for (const [name, issuer] of [["root"], ["between", "root"]] as const) pki.authority(name, issuer);
    pki.leaf("proxy-cert", "root", SERVER, ["DNS:proxy.example.com"]);
    pki.leaf("server", "between", SERVER, ["DNS:localhost"]);
    pki.leaf("client", "between", CLIENT);
    copyFileSync(pki.path("proxy-cert-key.pem"), pki.path("proxy-cert.pem.key"));
    [port, upstreamPort] = (await freePorts(2)) as [number, number];
    const pair = { cert: readFileSync(pki.chain("server", "between")), key: pki.text("server-key") };
    upstream = createServer(pair, (_, answer) => void answer.end("answered"));
    await new Promise<void>((resolve) => upstream.listen(upstreamPort, "localhost", resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => upstream.close(resolve));
    pki.dispose();
  });

  /** The answer of the server behind the emitted configuration with these CAs, to a client of the intermediate. */
  async function answerWith(bundles: Bundles): Promise<string> {
    const bundle = (name: string, cas: string[]): string => {
      writeFileSync(pki.path(name), cas.map((ca) => pki.text(ca)).join(""));
      return pki.path(name);
    };
    const { file, write } = configurationOf(SOFTWARE[program]);
    const configuration = pki.path(file);
    writeFileSync(
      configuration,
      write({
        ...{ name: "edge", host: "proxy.example.com", port: String(port) },
        ...{ certificatePath: pki.path("proxy-cert.pem"), keyPath: pki.path("proxy-cert-key.pem") },
        ...{
          clientCaPath: bundle("client-ca.pem", bundles.client),
          clientAuthentication: ClientAuthentication.REQUIRED,
        },
        ...{ upstreamHost: "localhost", upstreamPort: String(upstreamPort) },
        upstreamCaPath: bundle("upstream-ca.pem", bundles.upstream),
      }),
    );
    const running = await ProxyProcess.start(program, configuration, pki.path("run"), port);
    try {
      return await answer();
    } finally {
      await running.stop();
    }
  }

  function answer(): Promise<string> {
    return new Promise((resolve) => {
      const options = {
        ...{ host: "127.0.0.1", port, servername: "proxy.example.com", agent: false, ca: pki.text("root") },
        ...{ cert: readFileSync(pki.chain("client", "between")), key: pki.text("client-key") },
      };
      const dialled = request(options, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => (body += text));
        response.on("end", () => resolve(response.statusCode === 200 ? body : `status ${response.statusCode}`));
      });
      dialled.on("error", () => resolve("refused")).end();
    });
  }

  run("trusts no server of an intermediate without its root", async () => {
    const client = ["between", "root"];
    expect(await answerWith({ client, upstream: ["between", "root"] })).toBe("answered");
    expect(await answerWith({ client, upstream: ["between"] })).toMatch(/^status 50[23]$/);
  });

  run("admits no client of an intermediate without its root", async () => {
    const upstreamCas = ["between", "root"];
    expect(await answerWith({ client: ["between"], upstream: upstreamCas })).toMatch(/^(status 400|refused)$/);
  });
});
