import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** A CA that an example expects to exist: its certificate in a file, and its key in another. */
export function makeCa(file: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${file}.key`];
  const extensions = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
  execFileSync(
    "openssl",
    ["req", "-x509", ...key, "-subj", "/CN=Existing CA", "-days", "3000", ...extensions, "-out", file],
    { stdio: "pipe" },
  );
}
