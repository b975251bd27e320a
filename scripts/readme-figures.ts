import * as fs from "node:fs";
import * as path from "node:path";

const ROOT = path.join(__dirname, "..");
const START = "<!-- figures -->";
const END = "<!-- /figures -->";

/** One long proof: the script that runs it, what it shows, the page that it writes, and where its figures are there. */
interface Proof {
  readonly script: string;
  readonly shows: string;
  readonly page: string;
  readonly figures: (page: string) => string;
}

const PROOFS: readonly Proof[] = [
  {
    script: "test:conformance",
    shows:
      "emitted commands and files in Elastic's own TLS code at two versions, Java, Node, OpenSSL and Python: good ones accepted, bad ones refused",
    page: "docs/conformance.md",
    figures: (page) =>
      `${cellOf(page, "validators")} validators; ${cellOf(page, "good handshakes")} good handshakes, ` +
      `${cellOf(page, "bad ones refused")} bad ones refused; ${cellOf(page, "certificates linted")} certificates linted`,
  },
  {
    script: "test:rotation",
    shows: "agents that keep checking in while each of their CAs is rotated; every gate; kills; short validities",
    page: "docs/rotation-proof.md",
    figures: (page) => {
      const results = [...page.matchAll(/^\| [^|]+ \| [^|]+ \| \d{4}-\d\d-\d\d \| (\w+) \|/gm)].map(
        ([, result]) => result,
      );
      return `${results.filter((result) => result === "passed").length} of ${results.length} scenarios passed`;
    },
  },
  {
    script: "test:sources",
    shows: "every source, key algorithm and mode, deployed and tested with real handshakes",
    page: "docs/source-matrix.md",
    figures: (page) => found(page, /^\d+ fleets, .*? handshakes: all accepted/m),
  },
  {
    script: "test:faults",
    shows: "kills, full disks, lost states, two deploys at once",
    page: "docs/faults.md",
    figures: (page) => found(page, /\d+ scenarios: .*? failed/) + "; " + found(page, /(?<=\*\*)\d+ kills survived/),
  },
  {
    script: "test:fuzz",
    shows: "bad input to everything that parses",
    page: "docs/fuzz.md",
    figures: (page) => found(page, /(?<=\*\*)[\d,]+ inputs tried/),
  },
];

/** The README with the figures that the scripts last wrote: none of them is typed. */
export function readmeWithFigures(readme: string): string {
  const rows = PROOFS.map(({ script, shows, page, figures }) => {
    const text = fs.readFileSync(path.join(ROOT, page), "utf8");
    return `| \`npm run ${script}\` | ${shows} | [${page}](${page}): ${figures(text)} |`;
  });
  const table = ["| script | what it shows | last run |", "| --- | --- | --- |", ...rows].join("\n");
  const start = readme.indexOf(START) + START.length;
  return `${readme.slice(0, start)}\n\n${table}\n\n${readme.slice(readme.indexOf(END))}`;
}

function cellOf(page: string, name: string): string {
  return found(page, new RegExp(`(?<=^\\| ${name}[^|]*\\| )\\d+`, "m"));
}

function found(page: string, figure: RegExp): string {
  const [text] = figure.exec(page) ?? [];
  if (text === undefined) {
    throw new Error(
      `readme-figures: a page has no ${figure}; allowed: pages as their scripts write them; run the script`,
    );
  }
  return text;
}

if (require.main === module) {
  const file = path.join(ROOT, "README.md");
  fs.writeFileSync(file, readmeWithFigures(fs.readFileSync(file, "utf8")));
}
