import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Writes files into a folder as the kubelet's atomic writer does (kubernetes/kubernetes,
 * pkg/volume/util/atomic_writer.go): into a folder named by the time, with links to it. Files of a volume that is there
 * are replaced.
 */
export function writeVolume(folder: string, files: Readonly<Record<string, string>>, mode = 0o644): void {
  fs.mkdirSync(folder, { recursive: true });
  // A tmpfs that the kubelet mounts is open to everybody.
  fs.chmodSync(folder, 0o1777);
  const link = path.join(folder, "..data");
  const former = fs.existsSync(link) ? fs.realpathSync(link) : undefined;
  const time = new Date().toISOString().replace(/[-T:]/g, "_").slice(0, 19);
  const data = path.join(folder, `..${time}.${process.hrtime.bigint()}`);
  fs.mkdirSync(data);
  fs.chmodSync(data, 0o755);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(data, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content, { flag: "wx" });
    fs.chmodSync(file, mode);
  }
  const visible = new Set(Object.keys(files).map((name) => name.split("/")[0]!));
  for (const name of visible) {
    const place = path.join(folder, name);
    if (!fs.lstatSync(place, { throwIfNoEntry: false })) fs.symlinkSync(path.join("..data", name), place);
  }
  fs.symlinkSync(path.basename(data), `${link}_tmp`);
  fs.renameSync(`${link}_tmp`, link);
  if (former === undefined) return;
  for (const name of fs.readdirSync(former).filter((one) => !visible.has(one))) fs.rmSync(path.join(folder, name));
  fs.rmSync(former, { recursive: true });
}
