import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { FleetContext } from "./app/fleet-context";
import { synthesize } from "./app/synthesize";
import { KeyPassphrase, MutualFleetTls, OneWayFleetTls } from "./lib";

class FleetStack extends TerraformStack {
  constructor(scope: Construct, id: string, { backend }: FleetContext) {
    super(scope, id);
    new TlsProvider(this, "tls");
    new LocalProvider(this, "local");
    // The bindings require exactly 2.6.1; later 2.x releases read the same configuration.
    this.addOverride("terraform.required_providers.local.version", "~> 2.6");
    backend.addTo(this);
  }
}

synthesize((app) => {
  const context = FleetContext.of(app);
  const oneWay = new OneWayFleetTls(new FleetStack(app, "one-way", context), "fleet", context.props("one-way/fleet"));
  const mutual = new MutualFleetTls(new FleetStack(app, "mutual", context), "fleet", {
    ...context.props("mutual/fleet"),
    clientAuthentication: context.clientAuthentication,
    agentKeyPassphrase: KeyPassphrase.generated(),
    operatorPage: true,
  });
  for (const { id, options } of context.agents) {
    oneWay.addAgent(id, options);
    mutual.addAgent(id, options);
  }
});
