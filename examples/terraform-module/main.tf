terraform {
  required_version = ">= 1.5.7"
}

module "fleet" {
  source = "./cdktf.out/stacks/fleet"

  fleet_server_url    = "https://fleet.example.com:8220"
  elasticsearch_url   = "https://es.example.com:9200"
  fleet_server_policy = "fleet-server-policy"
  output_directory    = "fleet-tls"
}

output "agent_commands" {
  value = module.fleet.fleet-agent-commands
}
