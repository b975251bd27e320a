import * as fs from "node:fs";
import * as path from "node:path";

/** What the stand-in does when it is asked to build. */
export type FakeGoBuild = "succeeds" | "fails";

/** Puts a `go` into a folder that writes a small file in place of a provider, and answers a PATH that finds it. */
export function fakeGo(folder: string, build: FakeGoBuild = "succeeds"): string {
  const bin = path.join(folder, `bin-${build}`);
  fs.mkdirSync(bin, { recursive: true });
  const script = {
    succeeds: `while [ "$1" != -o ]; do shift; done; echo "built in $PWD for $GOOS" >"$2"`,
    fails: "i=1; while [ $i -le 40 ]; do echo line $i >&2; i=$((i + 1)); done; exit 1",
  }[build];
  fs.writeFileSync(path.join(bin, "go"), `#!/bin/sh\n[ "$1" = version ] && exit 0\n${script}\n`, { mode: 0o755 });
  return bin;
}
