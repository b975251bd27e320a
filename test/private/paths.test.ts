import { TerraformVariable } from "cdktf";

import { projectPath, projectPathArgument } from "../../lib/private/paths";
import { resolved, withStack } from "../support/apps";

test("a relative path begins at the folder that contains cdktf.out", () => {
  expect(projectPath("fleet-tls/fleet")).toBe("${path.module}/../../../fleet-tls/fleet");
});

test("an absolute path stays as it is", () => {
  expect(projectPath("/srv/fleet-tls")).toBe("/srv/fleet-tls");
});

test("what Terraform would take for a template stays text", () => {
  expect(projectPath("/srv/${a}/%{b}")).toBe("/srv/$${a}/%%{b}");
});

test("whether a token is relative is decided by Terraform", () => {
  withStack((stack) => {
    const path = new TerraformVariable(stack, "output", {}).stringValue;
    expect(resolved(stack, projectPath(path))).toBe(
      '${can(regex("^/", var.output)) ? var.output : join("", [path.module, "/../../../", var.output])}',
    );
  });
});

test("a token in the middle of a path is joined by Terraform", () => {
  withStack((stack) => {
    const path = `${new TerraformVariable(stack, "output", {}).stringValue}/fleet-ca.pem`;
    expect(resolved(stack, projectPath(path))).toContain('join("", [var.output, "/fleet-ca.pem"])');
  });
});

test("the argument of a function begins at the same folder", () => {
  withStack((stack) => {
    expect(resolved(stack, projectPathArgument("es.pem"))).toBe('${join("", [path.module, "/../../../", "es.pem"])}');
    expect(projectPathArgument("/srv/es.pem")).toBe("/srv/es.pem");
  });
});

test("the argument of a function has its quotes escaped", () => {
  withStack((stack) => {
    expect(resolved(stack, projectPathArgument('a"b'))).toContain('"a\\"b"');
  });
});
