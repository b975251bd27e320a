package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/elastic/elastic-agent-libs/config"
	"github.com/elastic/elastic-agent-libs/logp"
	"github.com/elastic/elastic-agent-libs/transport/tlscommon"
)

// output is one of xpack.fleet.outputs.
type output struct {
	Type   string         `json:"type"`
	Hosts  []string       `json:"hosts"`
	Config map[string]any `json:"config"`

	Version  string `json:"version"`
	Topic    string `json:"topic"`
	AuthType string `json:"auth_type"`
	Username string `json:"username"`
	Sasl     struct {
		Mechanism string `json:"mechanism"`
	} `json:"sasl"`
	Secrets struct {
		Password string `json:"password"`
	} `json:"secrets"`
}

// tls reads the output's ssl settings with Elastic's library, as the outputs of libbeat do. It is nil where there are
// none: libbeat then dials in plain text.
func (r request) tls() (*tlscommon.TLSConfig, error) {
	if r.Plaintext {
		return nil, nil
	}
	raw, err := config.NewConfigFrom(r.local(r.Output.Config))
	if err != nil {
		return nil, err
	}
	var settings struct {
		TLS *tlscommon.Config `config:"ssl"`
	}
	if err := raw.Unpack(&settings); err != nil {
		return nil, err
	}
	return tlscommon.LoadTLSConfig(settings.TLS, logp.NewNopLogger())
}

// local replaces the host directories by those of this machine, wherever a path is.
func (r request) local(value any) any {
	switch typed := value.(type) {
	case map[string]any:
		mapped := map[string]any{}
		for name, each := range typed {
			mapped[name] = r.local(each)
		}
		return mapped
	case []any:
		mapped := make([]any, len(typed))
		for i, each := range typed {
			mapped[i] = r.local(each)
		}
		return mapped
	case string:
		for from, to := range r.Directories {
			if rest, below := strings.CutPrefix(typed, from+"/"); below {
				return filepath.Join(to, rest)
			}
		}
	}
	return value
}

// dialer reaches the hosts of an output where they listen on this machine.
type dialer map[string]int

func (d dialer) Dial(network, address string) (net.Conn, error) {
	port, found := d[address]
	if !found {
		return nil, fmt.Errorf("nobody listens for %s", address)
	}
	return net.DialTimeout(network, fmt.Sprintf("127.0.0.1:%d", port), timeout)
}

// secret is a value with ${VARIABLE}, as Kibana finds it in its environment.
func (r request) secret(value string) string {
	return os.Expand(value, func(name string) string { return r.Variables[name] })
}
