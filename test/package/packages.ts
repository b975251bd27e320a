import * as fs from "node:fs";
import * as path from "node:path";

import type { PackageFolders } from "../../packaging/packages";
import { writePackages } from "../../packaging/packages";

const BUILT = path.join(__dirname, "..", "..", "build", "packages");

/** Both npm packages. `npm test` builds them beforehand, so that test files share one build. */
export function builtPackages(): PackageFolders {
  const folders = { cdktf: path.join(BUILT, "cdktf-fleet-tls"), cdktn: path.join(BUILT, "cdktn-fleet-tls") };
  return fs.existsSync(path.join(folders.cdktn, "package.json")) ? folders : writePackages(BUILT);
}
