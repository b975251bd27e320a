import { Fn } from "cdktf";

import type { CertificateProps } from "../../certificate/certificate";
import type { HostFiles } from "../host-files";
import type { KeyAlgorithm } from "../../certificate/key-algorithm";
import { KeyFormat } from "../../certificate/key-format";
import { alternativeNames } from "../../private/names";
import { posixShell } from "../../command/render/posix-shell";
import { BYTE_ORDER_MARK, powershell } from "../../command/render/powershell";
import { plain, terraformText } from "./terraform-text";
import { isKnown } from "../../private/terraform/text";

/** Script that creates a key and its request on the host; an existing key is kept. */
export function requestScript(
  files: HostFiles,
  role: string,
  props: CertificateProps,
  format: KeyFormat,
): { name: string; content: string } {
  const paths = {
    key: files.hostPath(`${role}-key.pem`),
    request: files.hostPath(`${role}.csr`),
    directory: files.hostDirectory,
    passphrase: props.source?._request?.passphrasePath,
    isTraditional: format === KeyFormat.TRADITIONAL,
  };
  const subject = ["-subj", `/CN=${props.commonName}`];
  const names = sanText(props.names ?? []);
  const extensions = names === undefined ? [] : ["-addext", `subjectAltName=${names}`];
  const make = [...subject, ...extensions];
  return files.platform.isWindows
    ? { name: `request-${role}.ps1`, content: windowsScript(paths, keyOptions(props.keyAlgorithm), make) }
    : { name: `request-${role}.sh`, content: posixScript(paths, keyOptions(props.keyAlgorithm), make) };
}

const posixQuote = (value: string): string => plain(posixShell.quote(terraformText(value)));
const powershellQuote = (value: string): string => plain(powershell.quote(terraformText(value)));

interface Paths {
  readonly key: string;
  readonly request: string;
  readonly directory: string;
  readonly passphrase?: string;
  readonly isTraditional: boolean;
}

function posixScript(paths: Paths, keyArguments: string[], make: string[]): string {
  const { key, request, directory, passphrase, isTraditional } = paths;
  const [keyPath, newKey, pkcs8Key, requestPath] = [key, `${key}.new`, `${key}.pkcs8`, request].map(posixQuote);
  const converts = isTraditional && !passphrase;
  const file = passphrase && posixQuote(passphrase);
  // The agent reads the file raw in older versions, so no newline may end it; openssl reads its first line.
  const makePassphrase = file ? [`  [ -s ${file} ] || printf %s "$(openssl rand -hex 32)" > ${file}`] : [];
  const [encrypt, decrypt] = file
    ? [` -aes-256-cbc -pass ${posixQuote(`file:${passphrase}`)}`, ` -passin ${posixQuote(`file:${passphrase}`)}`]
    : ["", ""];
  return [
    "#!/bin/sh",
    "# Creates this host's private key, which stays here, and a request for its certificate (OpenSSL 1.1.1 or newer).",
    "set -eu",
    "umask 077",
    `mkdir -p ${posixQuote(directory)}`,
    `if [ ! -s ${keyPath} ]; then`,
    ...makePassphrase,
    `  openssl genpkey ${keyArguments.join(" ")}${encrypt} -out ${converts ? pkcs8Key : newKey}`,
    ...(converts ? [`  openssl pkey -in ${pkcs8Key} -traditional -out ${newKey}`, `  rm ${pkcs8Key}`] : []),
    `  mv ${newKey} ${keyPath}`,
    "fi",
    `openssl req -new -key ${keyPath}${decrypt} ${make.map(posixQuote).join(" ")} -out ${requestPath}`,
    `echo "put this request where Terraform reads it, and deploy again:" ${requestPath}`,
    "",
  ].join("\n");
}

/**
 * Every word of OpenSSL's is a quoted string: what PowerShell makes of a bare `-aes-256-cbc` is its own affair, and a
 * failure of a program stops a script only where it is looked for.
 */
function windowsScript(paths: Paths, keyArguments: string[], make: string[]): string {
  const { key, request, directory, passphrase, isTraditional } = paths;
  const converts = isTraditional && !passphrase;
  const openssl = (...words: string[]): string => `openssl ${words.map(powershellQuote).join(" ")}; Check`;
  const [keyPath, newKey, requestPath, directoryPath] = [key, `${key}.new`, request, directory].map(powershellQuote);
  const file = passphrase && powershellQuote(passphrase);
  const makePassphrase = file
    ? [
        `  if (-not (Test-Path -LiteralPath ${file})) {`,
        `    $passphrase = ${openssl("rand", "-hex", "32")}`,
        // Set-Content ends a file with a newline unless `-NoNewline` is set, and older agents read it as part of the passphrase.
        `    Set-Content -NoNewline -Encoding ascii -LiteralPath ${file} -Value $passphrase`,
        "  }",
      ]
    : [];
  const [encrypt, decrypt] = passphrase
    ? [
        ["-aes-256-cbc", "-pass", `file:${passphrase}`],
        ["-passin", `file:${passphrase}`],
      ]
    : [[], []];
  return [
    `${BYTE_ORDER_MARK}# Creates this host's private key, which stays here, and a request for its certificate (OpenSSL 1.1.1 or newer).`,
    "$ErrorActionPreference = 'Stop'",
    "function Check { if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE } }",
    `New-Item -ItemType Directory -Force -Path ${directoryPath} | Out-Null`,
    // The key inherits what the folder allows: the system and the administrators, by their SIDs.
    `icacls ${directoryPath} /inheritance:r /grant '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null; Check`,
    `if (-not (Test-Path -LiteralPath ${keyPath})) {`,
    ...makePassphrase,
    `  ${openssl("genpkey", ...keyArguments, ...encrypt, "-out", converts ? `${key}.pkcs8` : `${key}.new`)}`,
    ...(converts
      ? [
          `  ${openssl("pkey", "-in", `${key}.pkcs8`, "-traditional", "-out", `${key}.new`)}`,
          `  Remove-Item -LiteralPath ${powershellQuote(`${key}.pkcs8`)}`,
        ]
      : []),
    `  Move-Item -LiteralPath ${newKey} -Destination ${keyPath}`,
    "}",
    openssl("req", "-new", "-key", key, ...decrypt, ...make, "-out", request),
    `Write-Output ('put this request where Terraform reads it, and deploy again: ' + ${requestPath})`,
    "",
  ].join("\n");
}

function keyOptions({ algorithm, ecdsaCurve, rsaBits }: KeyAlgorithm): string[] {
  switch (algorithm) {
    case "RSA":
      return ["-algorithm", "RSA", "-pkeyopt", `rsa_keygen_bits:${rsaBits}`];
    case "ECDSA":
      return ["-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${ecdsaCurve?.replace("P", "P-")}`];
    default:
      return ["-algorithm", algorithm];
  }
}

/** Names as `subjectAltName` has them, sorted into kinds by Terraform where only it knows them. */
function sanText(names: string[]): string | undefined {
  if (names.length === 0) {
    return undefined;
  }
  const { dnsNames, ipAddresses } = alternativeNames(names);
  if (names.every(isKnown)) {
    return [...dnsNames.map((name) => `DNS:${name}`), ...ipAddresses.map((ip) => `IP:${ip}`)].join(",");
  }
  const list = Fn.concat([Fn.formatlist("DNS:%s", [dnsNames]), Fn.formatlist("IP:%s", [ipAddresses])]);
  return Fn.join(",", list as unknown as string[]);
}
