/** zlint and pkilint on certificate files: `npx tsx test/conformance/lint.ts FILE…` prints the findings as JSON. */
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { builtOnce, here, install, Missing, printed } from "./builds";
import { certificatesIn, scratchFile } from "./scratch";

const ZLINT = "v3.7.3";
const PKILINT = "0.13.3";
const SEVERITIES = ["info", "notice", "warn", "error", "fatal"] as const;

export type LinterName = "zlint" | "pkilint";
export type Severity = (typeof SEVERITIES)[number];

export interface Finding {
  linter: LinterName;
  file: string;
  /** Which certificate of the file, from 0. */
  index: number;
  subject: string;
  severity: Severity;
  code: string;
  details: string;
}

export interface LintReport {
  certificates: number;
  findings: Finding[];
  /** A linter that could not be had; never silently. */
  skipped: { name: LinterName; reason: string }[];
}

interface Certificate {
  file: string;
  index: number;
  subject: string;
  /** A copy that contains this certificate alone, since both linters read one a file. */
  path: string;
}

type Linted = Pick<Finding, "severity" | "code" | "details">[];

/** What it finds in each of the certificates. */
type Linter = (certificates: Certificate[]) => Promise<Linted[]>;

/** A linter exits non-zero to say that it found something. */
async function output(program: string, words: string[]): Promise<string> {
  const run = promisify(execFile)(program, words, { maxBuffer: 1 << 26 });
  return run.then(
    ({ stdout }) => stdout,
    (cause: Error & { stdout?: string }) => {
      if (!cause.stdout?.startsWith("{")) {
        throw cause;
      }
      return cause.stdout;
    },
  );
}

/** Its default sources are for the public web; these two apply to any PKI. */
function zlint(): Linter {
  const built = builtOnce("zlint", [], `${printed("go", ["version"])} ${ZLINT}`, (into) =>
    install("go", ["install", `github.com/zmap/zlint/v3/cmd/zlint@${ZLINT}`], { env: { GOBIN: into } }),
  );
  const lint = async ({ path }: Certificate): Promise<Linted> => {
    const words = ["-includeSources", "RFC5280,Community", path];
    const results = JSON.parse(await output(join(built, "zlint"), words)) as Record<
      string,
      { result: string; details?: string }
    >;
    return Object.entries(results)
      .filter(([, { result }]) => SEVERITIES.includes(result as Severity))
      .map(([code, { result, details }]) => ({ severity: result as Severity, code, details: details ?? "" }));
  };
  return async (certificates) => {
    const found: Linted[] = [];
    for (const certificate of certificates) {
      found.push(await lint(certificate));
    }
    return found;
  };
}

interface PkilintFinding {
  severity: string;
  code: string;
  message: string | null;
  node: string;
}

function pkilint(): Linter {
  const built = builtOnce("pkilint", [], `${printed("python3", ["--version"])} ${PKILINT}`, (into) => {
    install("python3", ["-m", "venv", into]);
    install(join(into, "bin", "python3"), ["-m", "pip", "install", "--quiet", `pkilint==${PKILINT}`]);
  });
  return async (certificates) => {
    const words = [join(here, "python", "lint_certificates.py"), ...certificates.map(({ path }) => path)];
    const { stdout } = await promisify(execFile)(join(built, "bin", "python3"), words, { maxBuffer: 1 << 26 });
    return (JSON.parse(stdout) as PkilintFinding[][]).map((findings) =>
      findings.map(({ severity, code, message, node }) => ({
        severity: severity.toLowerCase().replace("warning", "warn") as Severity,
        code,
        details: message === null ? node : `${node}: ${message}`,
      })),
    );
  };
}

function split(files: string[]): Certificate[] {
  return files.flatMap((file) => {
    return certificatesIn(file).map((block, index) => {
      const subject = new X509Certificate(block).subject.replaceAll("\n", ",");
      return { file, index, subject, path: scratchFile(`${block}\n`) };
    });
  });
}

/** What stands in the way of each linter that cannot be had; the others are then installed. */
export function missingLinters(): LintReport["skipped"] {
  return Object.entries({ zlint, pkilint }).flatMap(([name, prepare]) => {
    try {
      prepare();
      return [];
    } catch (cause) {
      if (!(cause instanceof Missing)) {
        throw cause;
      }
      return [{ name: name as LinterName, reason: cause.message }];
    }
  });
}

/** Lints every certificate in the files; a bundle or a chain contains several. */
export async function lintCertificates(
  files: string[],
  names: LinterName[] = ["zlint", "pkilint"],
): Promise<LintReport> {
  const certificates = split(files);
  const report: LintReport = { certificates: certificates.length, findings: [], skipped: [] };
  for (const name of names) {
    try {
      const found = await { zlint, pkilint }[name]()(certificates);
      certificates.forEach(({ file, index, subject }, number) => {
        report.findings.push(...found[number]!.map((each) => ({ linter: name, file, index, subject, ...each })));
      });
    } catch (cause) {
      if (!(cause instanceof Missing)) {
        throw cause;
      }
      report.skipped.push({ name, reason: cause.message });
    }
  }
  return report;
}

if (require.main === module) {
  void lintCertificates(process.argv.slice(2)).then((report) => console.log(JSON.stringify(report, null, 2)));
}
