package main

import "github.com/elastic/elastic-agent-libs/transport/tlscommon"

// localOutput maps the host paths of an output; what starts with a dash is an inline PEM (tlscommon/tls.go:237-268).
func localOutput(r request) (map[string]any, error) {
	paths := hostPaths{r.Directories, r.Platform == "windows"}
	local := func(value any) (any, error) {
		path, isText := value.(string)
		if !isText || tlscommon.IsPEMString(path) || len(r.Directories) == 0 {
			return value, nil
		}
		return paths.local(path)
	}
	ssl := map[string]any{}
	for name, value := range r.Output {
		var err error
		switch name {
		case "certificate", "key", "key_passphrase_path":
			ssl[name], err = local(value)
		case "certificate_authorities":
			given, isList := value.([]any)
			if !isList {
				given = []any{value}
			}
			authorities := make([]any, len(given))
			for i := range given {
				if authorities[i], err = local(given[i]); err != nil {
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
