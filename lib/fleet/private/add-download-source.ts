import { DownloadSource } from "../../host/download-source";
import type { IFleetTls } from "../../host/ifleet-tls";
import { groupIn } from "../../private/terraform/group";
import type { DownloadSourceOptions } from "../download-source-options";
import type { FleetAuthorities } from "./authorities";
import { downloadCaRole } from "./authority-role";

/** Creates a download source, and its CA unless the operating systems trust it. */
export function addDownloadSource(
  fleet: IFleetTls,
  authorities: FleetAuthorities,
  id: string,
  { ca: source, ...options }: DownloadSourceOptions,
): DownloadSource {
  const ca = source && authorities.create(downloadCaRole(id), source);
  return new DownloadSource(groupIn(fleet, "download-sources"), id, { ...options, fleet, ca });
}
