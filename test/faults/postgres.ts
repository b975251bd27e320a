import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { Blocked } from "./scenario";

const INSTALLED = "/usr/lib/postgresql";
const FAST = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=40"];
/** PostgreSQL refuses to run as root. */
const UNPRIVILEGED = ["postgres", "nobody"];

/** A PostgreSQL server of our own, on a socket in a temporary folder, with one database a project. */
export class Postgres {
  /** The one of this process, started when it is first needed. */
  public static get(): Postgres {
    Postgres.running ??= new Postgres();
    return Postgres.running;
  }

  public static stop(): void {
    Postgres.running?.dispose();
    Postgres.running = undefined;
  }

  private static running?: Postgres;

  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "fleet-tls-pg-"));
  private readonly programs = findPrograms();
  private readonly as = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  private databases = 0;

  private constructor() {
    if (this.as) fs.chownSync(this.folder, this.as.uid, this.as.gid);
    const options = [`unix_socket_directories=${this.folder}`, "listen_addresses=", ...FAST].map((one) => `-c ${one}`);
    try {
      this.run("initdb", ["-D", this.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]);
      this.run("pg_ctl", [
        "-D",
        this.data,
        "-w",
        "-l",
        path.join(this.folder, "log"),
        "-o",
        options.join(" "),
        "start",
      ]);
    } catch (error) {
      fs.rmSync(this.folder, { recursive: true, force: true });
      throw new Blocked(`PostgreSQL does not start: ${(error as Error).message.split("\n").slice(0, 3).join(" ")}`);
    }
  }

  /** Makes a database, empty or as another one is; answers what a project's environment names it by. */
  public createDatabase(like?: Record<string, string>): Record<string, string> {
    const name = `project_${(this.databases += 1)}`;
    this.query("postgres", `CREATE DATABASE ${name} TEMPLATE ${like?.["PGDATABASE"] ?? "template0"}`);
    // The rest is left to the driver's own variable, so that Terraform sees the same backend in every copy.
    return { PG_CONN_STR: `host=${this.folder} user=postgres sslmode=disable`, PGDATABASE: name };
  }

  /** Dumps a project's database; answers what restores it, by the commands of docs/lost-state.md. */
  public dump({ PGDATABASE: name }: Readonly<Record<string, string>>, format: "custom" | "plain"): () => void {
    const own = ["-h", this.folder, "-U", "postgres", "-d", name!];
    const file = path.join(this.folder, `${name!}.${format}`);
    this.run("pg_dump", [...own, `--format=${format}`, "--file", file]);
    if (format === "custom") {
      return () => void this.run("pg_restore", [...own, "--clean", "--if-exists", "--single-transaction", file]);
    }
    return () => {
      this.query("postgres", `DROP DATABASE ${name!}`);
      this.query("postgres", `CREATE DATABASE ${name!} TEMPLATE template0`);
      this.run("psql", [...own, "--single-transaction", "-v", "ON_ERROR_STOP=1", "-f", file]);
    };
  }

  private query(database: string, sql: string): string {
    return this.run("psql", ["-h", this.folder, "-U", "postgres", "-d", database, "-At", "-c", sql]).trim();
  }

  private get data(): string {
    return path.join(this.folder, "data");
  }

  private run(program: string, args: string[]): string {
    // Output of the server itself goes to its log: a pipe would stay open for as long as it runs.
    return execFileSync(path.join(this.programs, program), args, {
      ...this.as,
      cwd: this.folder,
      encoding: "utf8",
      stdio: ["ignore", program === "pg_ctl" ? "ignore" : "pipe", "pipe"],
    });
  }

  private dispose(): void {
    this.run("pg_ctl", ["-D", this.data, "-m", "immediate", "stop"]);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The folder of PostgreSQL's programs, which Debian does not have in the path. */
function findPrograms(mayInstall = process.getuid?.() === 0): string {
  const versions = fs.existsSync(INSTALLED)
    ? fs.readdirSync(INSTALLED).sort((one, other) => Number(other) - Number(one))
    : [];
  const inPath = (process.env["PATH"] ?? "").split(path.delimiter);
  const folders = [...versions.map((version) => path.join(INSTALLED, version, "bin")), ...inPath];
  const found = folders.find((folder) =>
    ["initdb", "pg_ctl", "psql"].every((name) => fs.existsSync(path.join(folder, name))),
  );
  if (found !== undefined) return found;
  if (mayInstall && spawnSync("sh", ["-c", "apt-get update && apt-get install -y postgresql"]).status === 0) {
    return findPrograms(false);
  }
  throw new Blocked("PostgreSQL's initdb is not there, and apt-get cannot install it");
}

function unprivilegedUser(): { uid: number; gid: number } {
  const users = fs
    .readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const user = UNPRIVILEGED.map((name) => users.find(([own]) => own === name)).find((one) => one !== undefined);
  if (!user) throw new Blocked(`PostgreSQL does not run as root, and there is no user ${UNPRIVILEGED.join(" or ")}`);
  return { uid: Number(user[2]), gid: Number(user[3]) };
}
