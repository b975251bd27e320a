import type { Problems } from "../../../private/problems";
import type { Endpoint } from "../../../private/urls";
import { ELASTICSEARCH_URL, FLEET_SERVER_URL, parseUrl } from "../../../private/urls";
import type { FormerUrls } from "../../former-urls";

/** Former URLs of a fleet, read. */
export interface FormerEndpoints {
  readonly fleetServer: Endpoint[];
  readonly elasticsearch: Endpoint[];
}

/** Reads the former URLs by the rules of the present ones. */
export function parseFormerUrls(problems: Problems, { fleetServer, elasticsearch }: FormerUrls = {}): FormerEndpoints {
  return {
    fleetServer: (fleetServer ?? []).map((url, index) =>
      parseUrl(problems, `formerUrls.fleetServer[${index}]`, url, FLEET_SERVER_URL),
    ),
    elasticsearch: (elasticsearch ?? []).map((url, index) =>
      parseUrl(problems, `formerUrls.elasticsearch[${index}]`, url, ELASTICSEARCH_URL),
    ),
  };
}
