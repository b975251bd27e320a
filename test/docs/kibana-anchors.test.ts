import * as fs from "node:fs";
import * as path from "node:path";
import * as tls from "node:tls";

import { Pki, SERVER } from "../support/pki";

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "elasticsearch-and-kibana.md"), "utf8");

const pki = new Pki();
afterAll(() => pki.dispose());

/** How Node, and so Kibana, judges a server of an intermediate by some CAs. */
function judgement(ca: string[]): Promise<string> {
  const server = tls.createServer({
    cert: fs.readFileSync(pki.chain("es", "intermediate")),
    key: fs.readFileSync(pki.path("es-key.pem")),
  });
  return new Promise((resolve) => {
    server.on("tlsClientError", () => undefined);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      const socket = tls.connect({ port, host: "127.0.0.1", servername: "es.example.com", ca });
      const end = (text: string): void => {
        socket.destroy();
        server.close(() => resolve(text));
      };
      socket.on("secureConnect", () => end("trusted"));
      socket.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    });
  });
}

test("Node trusts a server below an anchored intermediate only with its root, as the page says of Kibana", async () => {
  pki.authority("root");
  pki.authority("intermediate", "root");
  pki.leaf("es", "intermediate", SERVER, ["DNS:es.example.com"]);
  const [, code] = /Kibana then fails with `(\w+)`/.exec(PAGE)!;
  expect(await judgement([pki.text("intermediate")])).toBe(code);
  expect(await judgement([pki.text("intermediate"), pki.text("root")])).toBe("trusted");
});
