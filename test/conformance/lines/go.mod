module cdktf-fleet-tls/lines

go 1.24.0
