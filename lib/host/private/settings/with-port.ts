import { Fn, Token } from "cdktf";

import { expression, isKnown, literalArgument } from "../../../private/terraform/text";

/**
 * An https URL with its port. Where it is missing Kibana fills in 443 (fleet/common/services/hosts_utils.ts), Fleet
 * Server 9200 (internal/pkg/config/output.go): written out, both dial the same.
 */
export function withPort(url: string, port: string): string {
  if (isKnown(url)) {
    return url.replace(/^(https:\/\/(?:\[[^\]]*\]|[^/:]+))(?=\/|$)/, `$1:${port}`);
  }
  const whole = expression(url);
  const hasPort = Fn.can(Fn.regex(literalArgument("^https://(\\[[^\\]]*\\]|[^/:]+):"), whole));
  const filledIn = Fn.replace(whole, literalArgument("/^(https://(?:\\[[^\\]]*\\]|[^/:]+))/"), `$1:${port}`);
  return Token.asString(Fn.conditional(hasPort, whole, filledIn));
}
