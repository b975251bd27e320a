package main

import (
	"errors"
	"maps"

	"github.com/elastic/elastic-agent-libs/config"
	"github.com/elastic/elastic-agent-libs/transport/tlscommon"
)

// fleetServerTLS reads the output of Fleet Server's policy as fleet-server's Elasticsearch struct does
// (internal/pkg/config/output.go:43-58 at dc8e23079462). It is nil where the output has no ssl, or an ssl that is off.
func fleetServerTLS(r request) (*tlscommon.Config, error) {
	settings := maps.Clone(r.FleetServerOutput)
	if given, has := settings["ssl"]; has {
		ssl, isMap := given.(map[string]any)
		if !isMap {
			return nil, errors.New("ssl is not a map")
		}
		local, err := localSSL(r, ssl)
		if err != nil {
			return nil, err
		}
		settings["ssl"] = local
	}
	raw, err := config.NewConfigFrom(settings)
	if err != nil {
		return nil, err
	}
	var output struct {
		TLS *tlscommon.Config `config:"ssl"`
	}
	if err := raw.Unpack(&output); err != nil || output.TLS == nil || !output.TLS.IsEnabled() {
		return nil, err
	}
	return output.TLS, output.TLS.Validate()
}

// localSSL maps the host paths of an output's ssl; what starts with a dash is an inline PEM (tlscommon/tls.go:237-268).
func localSSL(r request, given map[string]any) (map[string]any, error) {
	paths := hostPaths{r.Directories, r.Platform == "windows"}
	local := func(value any) (any, error) {
		path, isText := value.(string)
		if !isText || tlscommon.IsPEMString(path) || len(r.Directories) == 0 {
			return value, nil
		}
		return paths.local(path)
	}
	ssl := map[string]any{}
	for name, value := range given {
		var err error
		switch name {
		case "certificate", "key", "key_passphrase_path":
			ssl[name], err = local(value)
		case "certificate_authorities":
			listed, isList := value.([]any)
			if !isList {
				listed = []any{value}
			}
			authorities := make([]any, len(listed))
			for i := range listed {
				if authorities[i], err = local(listed[i]); err != nil {
					return nil, err
				}
			}
			ssl[name] = authorities
		default:
			ssl[name] = value
		}
		if err != nil {
			return nil, err
		}
	}
	return ssl, nil
}
