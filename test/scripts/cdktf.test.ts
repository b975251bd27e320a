import { cdktfCommand } from "../../scripts/cdktf";

const args = (words: string[], origin: "registry" | "mirror" | "configured" = "registry") =>
  cdktfCommand("deploy", words, origin).args.join(" ");

test("all stacks are meant when none is named", () => {
  expect(args([])).toBe("deploy * --auto-approve");
});

test("named stacks are the only ones", () => {
  expect(args(["one-way", "mutual"])).toBe("deploy one-way mutual --auto-approve");
});

test.each([
  ["--terraform-parallelism", "10"],
  ["--var", "token=x"],
  ["--var-file", "prod.tfvars"],
  ["-a", "node main.js"],
  ["-o", "out"],
])("the value of %s is not taken for a stack", (flag, value) => {
  expect(args([flag, value])).toBe(`deploy * ${flag} ${value} --auto-approve`);
  expect(args([flag, value, "one-way"])).toBe(`deploy ${flag} ${value} one-way --auto-approve`);
});

test("a flag without a value does not swallow the stack behind it", () => {
  expect(args(["--refresh-only", "one-way"])).toBe("deploy --refresh-only one-way --auto-approve");
});

test.each(["mirror", "configured"] as const)("providers from the %s are not locked by the registry", (origin) => {
  expect(args([], origin)).toBe("deploy * --auto-approve --skip-provider-lock");
  expect(args(["--skip-provider-lock"], origin)).toBe("deploy * --skip-provider-lock --auto-approve");
});

test("what the scripts say themselves is not said twice, and colours are left to them", () => {
  expect(args(["--auto-approve", "--no-color"])).toBe("deploy * --auto-approve");
});

test("the outputs go to the file of the scripts, or else to the user's", () => {
  const defaults = { outputsFile: "/tmp/outputs.json" };

  expect(cdktfCommand("deploy", [], "registry", defaults)).toMatchObject({
    args: ["deploy", "*", "--auto-approve", "--outputs-file", "/tmp/outputs.json"],
    outputsFile: "/tmp/outputs.json",
  });
  expect(cdktfCommand("deploy", ["--outputs-file", "mine.json"], "registry", defaults)).toMatchObject({
    args: ["deploy", "*", "--outputs-file", "mine.json", "--auto-approve"],
    outputsFile: "mine.json",
  });
});

test("the output folder is the flag's, else the project's, else cdktf's own", () => {
  const folder = (words: string[], outputFolder?: string) =>
    cdktfCommand("destroy", words, "registry", { outputFolder }).outputFolder;

  expect(folder(["--output=a"], "b")).toBe("a");
  expect(folder([], "b")).toBe("b");
  expect(folder([])).toBe("cdktf.out");
});
