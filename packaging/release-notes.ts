import { execFileSync } from "node:child_process";

/** Types of commits that users notice, in the order of the notes. */
const HEADINGS: readonly (readonly [type: string, heading: string])[] = [
  ["feat", "Features"],
  ["fix", "Fixes"],
  ["perf", "Performance"],
];
const CONVENTIONAL = /^(?<type>[a-z]+)(?:\((?<scope>[^)]+)\))?(?<breaking>!)?: (?<subject>.+)$/;

interface Commit {
  readonly [part: string]: string | undefined;
}

/** Release notes from the subjects of conventional commits; what breaks comes first. */
export function releaseNotes(subjects: readonly string[]): string {
  const commits = subjects.map((line): Commit => CONVENTIONAL.exec(line)?.groups ?? {});
  const section = (heading: string, chosen: readonly Commit[]): string[] =>
    chosen.length === 0
      ? []
      : [
          `## ${heading}\n\n${chosen.map(({ scope, subject }) => `- ${scope ? `**${scope}**: ` : ""}${subject!}`).join("\n")}\n`,
        ];
  const breaking = commits.filter((commit) => commit["breaking"]);
  const others = commits.filter((commit) => !commit["breaking"]);
  return [
    ...section("Breaking changes", breaking),
    ...HEADINGS.flatMap(([type, heading]) =>
      section(
        heading,
        others.filter((commit) => commit["type"] === type),
      ),
    ),
  ].join("\n");
}

/** Subjects of the commits since the release before this one. */
function subjectsSinceLastTag(): string[] {
  const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim();
  const [last] = git("tag", "--list", "v*", "--sort=-creatordate", "--no-contains", "HEAD").split("\n");
  return git("log", "--no-merges", "--format=%s", ...(last ? [`${last}..HEAD`] : [])).split("\n");
}

if (require.main === module) process.stdout.write(releaseNotes(subjectsSinceLastTag()));
