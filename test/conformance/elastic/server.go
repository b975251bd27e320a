package main

import (
	"crypto/tls"
	"encoding/json"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/elastic/elastic-agent-libs/transport/tlscommon"
)

// server is a Fleet Server listener (fleet-server internal/pkg/api/server.go) with counts of what came to it.
type server struct {
	port    int
	sockets []*net.TCPListener
	serving *serving

	mutex                      sync.Mutex
	requests, withCertificates int
	failures                   map[string]int
}

func (v *validator) serve(r request) (answer, error) {
	tlsConfig, err := v.serverTLS(r)
	if err != nil {
		return nil, err
	}
	s := &server{failures: map[string]int{}}
	if err := s.listen(r.Port); err != nil {
		return nil, err
	}
	if err := s.start(tlsConfig); err != nil {
		return nil, err
	}
	return answer{"port": s.port, "server": keep(v, v.servers, s)}, nil
}

// restart is serve again for a server that is there: everything is loaded again, as a new process does. Its sockets stay
// open, so that no client has to dial twice, and connected clients are asked to connect again.
func (v *validator) restart(r request) (answer, error) {
	s, err := find(v, v.servers, "server", r.Server)
	if err != nil {
		return nil, err
	}
	tlsConfig, err := v.serverTLS(r)
	if err != nil {
		return nil, err
	}
	old := s.serving
	if err := s.start(tlsConfig); err != nil {
		return nil, err
	}
	return s.stats(), old.retire(2 * timeout)
}

func (v *validator) serverTLS(r request) (*tls.Config, error) {
	config, err := v.listenerConfig(r)
	if err != nil {
		return nil, err
	}
	loaded, err := tlscommon.LoadTLSServerConfig(config, nopLogger)
	if err != nil {
		return nil, err
	}
	tlsConfig := loaded.BuildServerConfig("0.0.0.0")
	tlsConfig.NextProtos = []string{"h2", "http/1.1"}
	return tlsConfig, nil
}

func (v *validator) listenerConfig(r request) (*tlscommon.ServerConfig, error) {
	var config *tlscommon.ServerConfig
	if r.Command != "" {
		c, err := find(v, v.commands, "command", r.Command)
		if err != nil {
			return nil, err
		}
		if config, err = c.serverConfig(r.reload()); err != nil {
			return nil, err
		}
	} else {
		clientAuth := tlscommon.TLSClientAuthNone
		if r.ClientAuth != "" {
			if err := clientAuth.Unpack(r.ClientAuth); err != nil {
				return nil, err
			}
		}
		config = &tlscommon.ServerConfig{Certificate: r.pair(), CAs: r.ClientCAs, ClientAuth: &clientAuth}
		if err := r.reload().applyToServer(config); err != nil {
			return nil, err
		}
	}
	var err error
	if config.Versions, err = r.versions(); err != nil {
		return nil, err
	}
	return config, config.Validate()
}

// listen takes both loopback addresses; a machine without IPv6 has one.
func (s *server) listen(port int) error {
	first, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return err
	}
	s.port = first.Addr().(*net.TCPAddr).Port
	s.sockets = append(s.sockets, first.(*net.TCPListener))
	if second, err := net.Listen("tcp", net.JoinHostPort("::1", strconv.Itoa(s.port))); err == nil {
		s.sockets = append(s.sockets, second.(*net.TCPListener))
	}
	return nil
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := seen{ClientCertificate: len(r.TLS.VerifiedChains) > 0}
	if len(r.TLS.PeerCertificates) > 0 {
		subject := r.TLS.PeerCertificates[0].Subject.String()
		body.Subject = &subject
	}
	s.mutex.Lock()
	s.requests++
	if body.ClientCertificate {
		s.withCertificates++
	}
	s.mutex.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

// Write counts the failed handshakes, which net/http tells its log alone.
func (s *server) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	if rest, isHandshake := strings.CutPrefix(text, "http: TLS handshake error from "); isHandshake {
		_, text, _ = strings.Cut(rest, ": ")
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.failures[text]++
	return len(line), nil
}

func (v *validator) serverStats(r request) (answer, error) {
	s, err := find(v, v.servers, "server", r.Server)
	if err != nil {
		return nil, err
	}
	return s.stats(), nil
}

func (s *server) stats() answer {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	failed := 0
	for _, count := range s.failures {
		failed += count
	}
	return answer{"requests": s.requests, "withCertificates": s.withCertificates, "failed": failed, "errors": maps.Clone(s.failures)}
}

func (v *validator) closeServer(r request) (answer, error) {
	s, err := take(v, v.servers, "server", r.Server)
	if err != nil {
		return nil, err
	}
	for _, socket := range s.sockets {
		_ = socket.Close()
	}
	if err := s.serving.close(); err != nil {
		return nil, err
	}
	return s.stats(), nil
}
