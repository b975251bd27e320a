import { OtherNode } from "./nodes";
import { deployProject } from "./project";

const onLinux = process.platform === "linux" && process.arch === "x64" ? test : test.skip;

onLinux.each([20, 22, 24, 26])("Node %d synthesises, deploys, skips and destroys", async (major) => {
  const node = new OtherNode(major);
  const project = deployProject({ PATH: `${node.folder}:${process.env["PATH"]}` });
  try {
    project.write("cdktf.json", JSON.stringify({ language: "typescript", app: "node -r tsx/cjs main.ts" }));
    const run = (...args: string[]) => project.program(node.program, [...project.fleetTlsCommand(args).slice(1)]);
    const version = await project.program("node", ["--version"]);
    expect(version.stdout).toMatch(new RegExp(`^v${major}\\.`));
    expect(await run("deploy", "mutual")).toMatchObject({ code: 0, stdout: expect.stringContaining("--url='x'") });
    expect((await run("deploy", "mutual")).stderr).toContain("mutual: unchanged since its last deploy");
    expect(await run("destroy", "mutual")).toMatchObject({ code: 0 });
  } finally {
    node.dispose();
    project.dispose();
  }
});
