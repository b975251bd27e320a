import { TerraformOutput } from "cdktf";

import type { HostFilesProps } from "../../lib";
import { CertificateAuthoritySource, HostFiles, TargetPlatform } from "../../lib";
import { refusalOf, withStack } from "../support/apps";
import type { TestStack } from "../support/apps";
import { testAuthority, testCertificate } from "../support/certificates";
import { secretVariable, variable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

function hostFiles(stack: TestStack, props: Partial<HostFilesProps> = {}): HostFiles {
  return new HostFiles(stack, "files", {
    outputDirectory: "fleet-tls/web-1",
    hostDirectory: "/etc/elastic-agent/certs",
    platform: TargetPlatform.LINUX,
    ...props,
  });
}

function synth(
  add: (files: HostFiles, stack: TestStack) => void,
  props: Partial<HostFilesProps> = {},
): SynthesizedStack {
  return synthStack((stack) => add(hostFiles(stack, props), stack));
}

test("each file shows its resource for escape hatches", () => {
  const stack = synth((files) => {
    for (const file of [files.addPublic("a", "text"), files.addSecret("b", "text")]) {
      expect(file.resource).toBe(files.node.findChild(file.name));
      file.resource?.addOverride("lifecycle.prevent_destroy", true);
    }
  });
  expect(stack.resource("files/a").attributes["lifecycle"]).toMatchObject({ prevent_destroy: true });
  expect(stack.resource("files/b").attributes["lifecycle"]).toMatchObject({ prevent_destroy: true });
});

test("a host's folder contains public and secret files", () => {
  const stack = synth((files, stack) => {
    files.addPublic("fleet-ca.pem", "a certificate\n");
    files.addSecret("token", secretVariable(stack, "token"));
  });
  expect(stack.json["resource"]).toMatchSnapshot();
});

test("a public file may be read by anybody, in a folder that only its owner may enter", () => {
  const { type, attributes } = synth((files) => files.addPublic("a", "text")).resource("files/a");
  expect(type).toBe("local_file");
  expect(attributes).toMatchObject({ file_permission: "0644", directory_permission: "0700" });
});

test("a secret file may be read by its owner alone, and no plan shows its content", () => {
  const { type, attributes } = synth((files) => files.addSecret("a", "text")).resource("files/a");
  expect(type).toBe("local_sensitive_file");
  expect(attributes).toMatchObject({ file_permission: "0600", directory_permission: "0700" });
});

test("a file is written below the project from any folder that Terraform runs in", () => {
  const stack = synth((files) => files.addPublic("a.pem", "text"));
  expect(stack.resource("files/a.pem").attributes["filename"]).toBe("${path.module}/../../../fleet-tls/web-1/a.pem");
});

test("a file is written below an absolute output directory", () => {
  const stack = synth((files) => files.addPublic("a.pem", "text"), { outputDirectory: "/srv/out" });
  expect(stack.resource("files/a.pem").attributes["filename"]).toBe("/srv/out/a.pem");
});

test("the output directory may be a token", () => {
  const stack = synthStack((stack) => {
    hostFiles(stack, { outputDirectory: variable(stack, "out") }).addPublic("a.pem", "text");
  });
  expect(stack.resource("files/a.pem").attributes["filename"]).toContain('join("", [var.out, "/a.pem"])');
});

test.each([
  [TargetPlatform.LINUX, "/etc/certs", "/etc/certs/a.pem"],
  [TargetPlatform.LINUX, "/", "/a.pem"],
  [TargetPlatform.WINDOWS, "C:\\certs", "C:\\certs\\a.pem"],
  [TargetPlatform.WINDOWS, "C:/certs/", "C:/certs/a.pem"],
])("on %s in %s a file is known by its path there", (platform, hostDirectory, hostPath) => {
  withStack((stack) => {
    expect(hostFiles(stack, { platform, hostDirectory }).addPublic("a.pem", "text").hostPath).toBe(hostPath);
  });
});

test("it knows its files in the order in which they came", () => {
  withStack((stack) => {
    const files = hostFiles(stack);
    files.addSecret("b", "text");
    files.addPublic("a", "text");
    expect(files.files).toEqual([
      expect.objectContaining({ name: "b", hostPath: "/etc/elastic-agent/certs/b", filePermission: "0600" }),
      expect.objectContaining({ name: "a", hostPath: "/etc/elastic-agent/certs/a", filePermission: "0644" }),
    ]);
  });
});

test("preconditions of all files are on the first file, those of one file on that file", () => {
  const condition = (errorMessage: string) => ({ condition: "${true}", errorMessage });
  const stack = synth(
    (files) => {
      files.addPublic("a", "text");
      files.addPublic("b", "text", [condition("for b")]);
      files.addPublic("c", "text");
    },
    { preconditions: [condition("for all")] },
  );
  const messages = (name: string) =>
    stack
      .resource(`files/${name}`)
      .attributes["lifecycle"]?.precondition.map((each: { error_message: string }) => each.error_message);
  expect(["a", "b", "c"].map(messages)).toEqual([["for all"], ["for b"], undefined]);
});

test("what a host presents is the leaf alone under a root, and the root after it where it is asked for", () => {
  const stack = synth((files, stack) => {
    const certificate = testCertificate(stack, testAuthority(stack));
    files.addCertificate("a.pem", certificate);
    files.addCertificate("b.pem", certificate, true);
  });
  const leaf = "\\$\\{tls_locally_signed_cert\\.certificate_\\w+\\.cert_pem\\}";
  const root = "\\$\\{tls_self_signed_cert\\.ca_generation-1_certificate_\\w+\\.cert_pem\\}";
  const content = (name: string) => stack.resource(`files/${name}`).attributes["content"];
  expect(content("a.pem")).toMatch(new RegExp(`^${leaf}$`));
  expect(content("b.pem")).toMatch(new RegExp(`^${leaf}${root}$`));
});

test("a bundle contains each CA once, and no key", () => {
  const stack = synth((files, stack) => {
    const [one, two] = ["one", "two"].map((id) => testAuthority(stack, id)) as [
      ReturnType<typeof testAuthority>,
      ReturnType<typeof testAuthority>,
    ];
    files.addTrustBundle("bundle.pem", [one, two, one]);
  });
  const bundle = stack.resource("files/bundle.pem");
  expect(bundle.type).toBe("local_file");
  expect(bundle.attributes["content"]).toMatch(/^\$\{local\.one_trust-bundle_\w+\}\$\{local\.two_trust-bundle_\w+\}$/);
});

test("a CA that exists on the host is named by its path there, and no file of it is written", () => {
  const stack = synth((files, stack) => {
    const authority = testAuthority(stack, "ca", CertificateAuthoritySource.trustOnly({ hostPath: "/etc/ca.pem" }));
    expect(files.addTrust("ca.pem", authority)).toBe("/etc/ca.pem");
    const system = testAuthority(stack, "system", CertificateAuthoritySource.system());
    expect(files.addTrust("system.pem", system)).toBeUndefined();
  });
  expect(stack.resources("local_file")).toEqual([]);
});

test("a bundle with a CA that only the hosts know is refused", () => {
  const message = refusalOf((stack) => {
    const authority = testAuthority(stack, "ca", CertificateAuthoritySource.trustOnly({ hostPath: "/etc/ca.pem" }));
    hostFiles(stack).addTrustBundle("bundle.pem", [authority]);
  });
  expect(message).toBe(
    "stack/files: bundle.pem cannot be put together, since Terraform does not know the certificate of stack/ca; " +
      "allowed: CAs whose source gives their PEM; use CertificateAuthoritySource.trustOnly({ file }) or ({ pem }) for that CA",
  );
});

test("without an output directory no file is written, and the contents are the same", () => {
  const build = (outputDirectory: string | undefined): SynthesizedStack =>
    synthStack((stack) => {
      const files = hostFiles(stack, { outputDirectory });
      files.addPublic("a.pem", "a certificate\n");
      files.addSecret("token", secretVariable(stack, "token"));
      const { content, outputPath } = files.file("a.pem");
      expect(outputPath).toEqual(outputDirectory && expect.stringContaining("out/a.pem"));
      new TerraformOutput(stack, "public", { value: content });
      new TerraformOutput(stack, "secret", { value: files.file("token").content, sensitive: true });
    });
  const [written, kept] = [build("out"), build(undefined)];
  expect(kept.resources().map(({ type }) => type)).toEqual(["terraform_data"]);
  expect(kept.resource("files/a.pem").attributes["input"]).toBe("a certificate\n");
  for (const [stack, attribute] of [
    [written, "local_file.files_apem_7B51772E.content"],
    [kept, "terraform_data.files_apem_7B51772E.input"],
  ] as const) {
    expect(stack.outputs["public"]!["value"]).toBe(`\${${attribute}}`);
    expect(stack.local("files_token-content")).toBe("${sensitive(var.token)}");
    expect(stack.outputs["secret"]!["value"]).toMatch(/^\$\{local\.files_token-content_\w+\}$/);
  }
});

test("without an output directory preconditions are still checked, of a secret file too", () => {
  const condition = { condition: "${true}", errorMessage: "for all" };
  const stack = synth((files) => files.addSecret("a", "text"), {
    outputDirectory: undefined,
    preconditions: [condition],
  });
  expect(stack.resource("files/a").attributes).toEqual({
    lifecycle: { precondition: [{ condition: "${true}", error_message: "for all" }] },
  });
});

test("a name that no file has is refused, with those that there are", () => {
  const message = refusalOf((stack) => {
    const files = hostFiles(stack);
    files.addPublic("a.pem", "text");
    files.file("b.pem");
  });
  expect(message).toBe("stack/files: b.pem is no file of this host; allowed: a.pem; choose one of these");
});
