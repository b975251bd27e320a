package main

import (
	"crypto/tls"
	"net"

	"github.com/elastic/elastic-agent-libs/transport/tlscommon"
	lumberjack "github.com/elastic/go-lumber/client/v2"
)

// toLogstash ships one event to the first host, as libbeat's logstash output does: TLS for the host that is dialled.
func (r request) toLogstash(config *tlscommon.TLSConfig) (int, error) {
	address := r.Output.Hosts[0]
	dial := func(network, address string) (net.Conn, error) {
		connection, err := dialer(r.Dial).Dial(network, address)
		if err != nil || config == nil {
			return connection, err
		}
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		secured := tls.Client(connection, config.BuildModuleClientConfig(host))
		if err := secured.Handshake(); err != nil {
			_ = connection.Close()
			return nil, err
		}
		return secured, nil
	}
	client, err := lumberjack.SyncDialWith(dial, address, lumberjack.Timeout(timeout), lumberjack.CompressionLevel(3))
	if err != nil {
		return 0, err
	}
	defer client.Close()
	return client.Send([]any{map[string]any{"message": "one event"}})
}
