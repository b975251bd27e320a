import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { proxyFor, registryAnswers } from "../../providers/registry";

const DISCOVERY = '{"modules.v1":"/v1/modules/","providers.v1":"/v1/providers/"}';
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  closing.push(() => {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  });
  return (server.address() as net.AddressInfo).port;
}

async function registry(status: number, body: string): Promise<string> {
  const server = http.createServer((_, response) => response.writeHead(status).end(body));
  return `http://127.0.0.1:${await listen(server)}/.well-known/terraform.json`;
}

/** A proxy that opens every tunnel to one port, and remembers what it was asked for. */
async function proxy(port: number, asked: string[], status = "200 OK"): Promise<string> {
  const server = http.createServer().on("connect", (request, socket) => {
    asked.push(`${request.url} ${request.headers["proxy-authorization"] ?? ""}`.trim());
    const upstream = net.connect(port, "127.0.0.1", () => {
      socket.write(`HTTP/1.1 ${status}\r\n\r\n`);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  return `127.0.0.1:${await listen(server)}`;
}

test("a registry that answers with its discovery document answers", async () => {
  await expect(registryAnswers({}, await registry(200, DISCOVERY))).resolves.toBe(true);
});

test.each([
  ["an error", 503, DISCOVERY],
  ["a captive portal's page", 200, "<html>log in</html>"],
  ["another document", 200, "{}"],
])("%s is no answer", async (_, status, body) => {
  await expect(registryAnswers({}, await registry(status, body))).resolves.toBe(false);
});

test("a registry that refuses the connection does not answer", async () => {
  const url = await registry(200, DISCOVERY);
  closing.splice(0).forEach((close) => close());

  await expect(registryAnswers({}, url)).resolves.toBe(false);
});

test("a registry that says nothing does not answer", async () => {
  const port = await listen(net.createServer());

  await expect(registryAnswers({}, `http://127.0.0.1:${port}/`, 50)).resolves.toBe(false);
});

test("a registry of TLS is asked through the proxy's tunnel, and trusted as the system trusts it", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "registry-"));
  closing.push(() => fs.rmSync(folder, { recursive: true }));
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => path.join(folder, name));
  execFileSync(
    "openssl",
    // prettier-ignore
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
      "-subj", "/CN=registry.example.com", "-addext", "subjectAltName=DNS:registry.example.com",
      "-keyout", key!, "-out", cert!],
    { stdio: "ignore" },
  );
  const server = https.createServer({ key: fs.readFileSync(key!), cert: fs.readFileSync(cert!) }, (_, response) =>
    response.end(DISCOVERY),
  );
  const asked: string[] = [];
  const HTTPS_PROXY = `http://user:p%40ss@${await proxy(await listen(server), asked)}`;
  const url = "https://registry.example.com/.well-known/terraform.json";

  await expect(registryAnswers({ HTTPS_PROXY, SSL_CERT_FILE: cert }, url)).resolves.toBe(true);
  await expect(registryAnswers({ HTTPS_PROXY }, url)).resolves.toBe(false);
  const credentials = Buffer.from("user:p@ss").toString("base64");
  expect(asked).toEqual(Array(2).fill(`registry.example.com:443 Basic ${credentials}`));
});

test("a proxy that opens no tunnel is no answer", async () => {
  const url = await registry(200, DISCOVERY);
  const HTTP_PROXY = await proxy(Number(new URL(url).port), [], "403 Forbidden");

  await expect(registryAnswers({ HTTP_PROXY }, url)).resolves.toBe(false);
});

test.each([
  [{}, undefined],
  [{ HTTPS_PROXY: "http://proxy:3128" }, "http://proxy:3128/"],
  [{ https_proxy: "proxy:3128" }, "http://proxy:3128/"],
  [{ HTTP_PROXY: "http://proxy:3128" }, undefined],
  [{ HTTPS_PROXY: "http://proxy:3128", NO_PROXY: "example.org, .terraform.io" }, undefined],
  [{ HTTPS_PROXY: "http://proxy:3128", NO_PROXY: "registry.terraform.io" }, undefined],
  [{ HTTPS_PROXY: "http://proxy:3128", no_proxy: "*" }, undefined],
  [{ HTTPS_PROXY: "http://proxy:3128", NO_PROXY: "form.io" }, "http://proxy:3128/"],
])("with %j the proxy is %s", (env, expected) => {
  expect(proxyFor(new URL("https://registry.terraform.io/"), env)?.href).toBe(expected);
});
