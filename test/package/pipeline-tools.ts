import * as fs from "node:fs";
import * as path from "node:path";

import { execute } from "../support/execute";

const TOOLS = path.join(__dirname, "..", "..", ".terraform-mirror", "tools");
const ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";
// The newest one that runs with Node 20.
const GITLAB_CI_LOCAL = "gitlab-ci-local@4.61.0";
const GROOVY = "org.apache.groovy:groovy:4.0.33";

/** Path of actionlint, which is built with Go once. */
export async function actionlint(): Promise<string> {
  return installedOnce("actionlint", "go", ["install", ACTIONLINT]);
}

/** Path of gitlab-ci-local, which checks a GitLab file by GitLab's schema and runs its jobs. */
export async function gitlabCiLocal(): Promise<string> {
  const args = ["install", "--no-save", "--no-package-lock", "--prefix", path.join(TOOLS, "gitlab"), GITLAB_CI_LOCAL];
  return installedOnce("gitlab/node_modules/.bin/gitlab-ci-local", "npm", args);
}

/** Path of Groovy's jar, in whose language Jenkins files are written. */
export async function groovy(): Promise<string> {
  const into = `-DoutputDirectory=${path.join(TOOLS, "groovy")}`;
  const args = ["-q", "-B", "dependency:copy", `-Dartifact=${GROOVY}`, into];
  return installedOnce(`groovy/${GROOVY.split(":").slice(1).join("-")}.jar`, "mvn", args);
}

async function installedOnce(file: string, installer: string, args: readonly string[]): Promise<string> {
  const program = path.join(TOOLS, file);
  if (!fs.existsSync(program)) {
    const { code } = await execute(installer, args, {
      env: { ...process.env, GOBIN: TOOLS },
      cwd: path.dirname(TOOLS),
    });
    if (code !== 0) throw new Error(`${path.basename(file)} cannot be installed with ${installer}`);
  }
  return program;
}
