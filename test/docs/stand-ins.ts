import * as fs from "node:fs";
import * as path from "node:path";

/** Programs that take every host for a folder of this machine; rsync and what runs on the host are real. */
const PROGRAMS = {
  ssh: `#!/bin/sh
while :; do case $1 in -l) shift 2 ;; -*) shift ;; *) break ;; esac; done
shift
exec sh -c "$*"
`,
  scp: `#!/bin/sh
cp "\${1#*:}" "$2"
`,
};

/** Writes them into a folder, to be put before the others on the PATH. */
export function writeStandIns(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(PROGRAMS)) {
    fs.writeFileSync(path.join(folder, name), text, { mode: 0o755 });
  }
}
