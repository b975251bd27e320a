// Command kubernetes is hashicorp/kubernetes 1.13.4, with its secret and its config map also under the names of 2.x.
package main

import (
	"github.com/hashicorp/terraform-plugin-sdk/helper/schema"
	"github.com/hashicorp/terraform-plugin-sdk/plugin"
	"github.com/hashicorp/terraform-plugin-sdk/terraform"
	"github.com/hashicorp/terraform-provider-kubernetes/kubernetes"
)

func main() {
	plugin.Serve(&plugin.ServeOpts{ProviderFunc: func() terraform.ResourceProvider {
		provider := kubernetes.Provider().(*schema.Provider)
		for _, name := range []string{"kubernetes_secret", "kubernetes_config_map"} {
			provider.ResourcesMap[name+"_v1"] = provider.ResourcesMap[name]
		}
		return provider
	}})
}
