package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"

	"github.com/elastic/elastic-agent-libs/config"
	"github.com/elastic/elastic-agent-libs/transport"
	"github.com/elastic/elastic-agent-libs/transport/httpcommon"
	"github.com/elastic/elastic-agent-libs/transport/tlscommon"
)

// client is a loaded client with what it asks for; it may live as long as an agent does.
type client struct {
	http  *http.Client
	url   string
	token string
}

// dialer connects to this machine, whatever the URL names.
func dialer(port int) transport.DialerFunc {
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: timeout}).DialContext(ctx, network, address)
	}
}

// newClient builds the client that a request means: of a command's edge, of an output, or of plain files.
func (v *validator) newClient(r request, keepAlive bool) (*client, error) {
	if r.FleetServerOutput != nil {
		return fleetServerClient(r, keepAlive)
	}
	if r.Command == "" {
		return newPlainClient(r, keepAlive)
	}
	c, err := find(v, v.commands, "command", r.Command)
	if err != nil {
		return nil, err
	}
	switch r.Edge {
	case "agent-to-fleet", "fleet-to-local":
		return c.fleetClient(r, keepAlive)
	case "fleet-to-elasticsearch":
		return c.elasticsearchClient(r, keepAlive)
	default:
		return nil, fmt.Errorf("unknown edge %q", r.Edge)
	}
}

// fleetClient is the agent's. Towards localhost the name is not checked since elastic-agent#12917; before, it was.
func (c *command) fleetClient(r request, keepAlive bool) (*client, error) {
	verification, name := "full", r.ServerName
	if r.Edge == "fleet-to-local" {
		if canReload {
			verification = "certificate"
		}
		if name == "" {
			name = "localhost"
		}
	}
	if r.Verification != "" {
		verification = r.Verification
	}
	settings, address, err := c.agentSettings(verification, r.reload())
	if err != nil {
		return nil, err
	}
	if settings.TLS.Versions, err = r.versions(); err != nil {
		return nil, err
	}
	settings.Proxy.Disable = true
	if r.ThroughProxy {
		if settings.Proxy, err = c.proxy(); err != nil {
			return nil, err
		}
	}
	return roundTripperClient(settings, address, name, r.Port, keepAlive)
}

func (c *command) elasticsearchClient(r request, keepAlive bool) (*client, error) {
	config, err := c.elasticsearchConfig(r.reload())
	if err != nil {
		return nil, err
	}
	token, err := c.serviceToken()
	if err != nil {
		return nil, err
	}
	address, err := c.elasticsearchURL()
	if err != nil {
		return nil, err
	}
	return newElasticsearchClient(r, config, address, token, keepAlive)
}

// fleetServerClient is Fleet Server's once its policy has arrived.
func fleetServerClient(r request, keepAlive bool) (*client, error) {
	if r.ServerName == "" {
		return nil, errors.New("a connection needs a serverName")
	}
	config, err := fleetServerTLS(r)
	if err != nil {
		return nil, err
	}
	return newElasticsearchClient(r, config, "https://localhost:9200", "a service token", keepAlive)
}

func newElasticsearchClient(r request, config *tlscommon.Config, address, token string, keepAlive bool) (*client, error) {
	versions, err := r.versions()
	if err != nil {
		return nil, err
	}
	transport, err := elasticsearchTransport(config)
	if err != nil {
		return nil, err
	}
	transport.TLSClientConfig = limit(transport.TLSClientConfig, versions)
	transport.DialContext = dialer(r.Port)
	transport.DisableKeepAlives = !keepAlive
	if address, err = renamed(address, r.ServerName); err != nil {
		return nil, err
	}
	return &client{&http.Client{Transport: transport, Timeout: timeout}, address, token}, nil
}

// newPlainClient takes an agent's output as its policy's YAML has it, under Elastic's own names, or the common fields.
func newPlainClient(r request, keepAlive bool) (*client, error) {
	settings := httpcommon.DefaultHTTPTransportSettings()
	settings.TLS = &tlscommon.Config{CAs: r.CAs, Certificate: r.pair()}
	if r.Output != nil {
		ssl, err := localSSL(r, r.Output)
		if err != nil {
			return nil, err
		}
		raw, err := config.NewConfigFrom(map[string]any{"ssl": ssl})
		if err != nil {
			return nil, err
		}
		if err := settings.Unpack(raw); err != nil {
			return nil, err
		}
	}
	if r.ServerName == "" {
		return nil, errors.New("a connection needs a serverName")
	}
	if err := r.reload().applyToClient(settings.TLS); err != nil {
		return nil, err
	}
	settings.Proxy.Disable = true
	var err error
	if settings.TLS.Versions, err = r.versions(); err != nil {
		return nil, err
	}
	if err := settings.TLS.Validate(); err != nil {
		return nil, err
	}
	return roundTripperClient(&settings, "https://localhost/", r.ServerName, r.Port, keepAlive)
}

// renamed puts another host name into a URL, an IPv6 address in its brackets.
func renamed(address, name string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil || name == "" {
		return address, err
	}
	port := parsed.Port()
	if port == "" {
		port = "443"
	}
	parsed.Host = net.JoinHostPort(name, port)
	return parsed.String(), nil
}

func roundTripperClient(settings *httpcommon.HTTPTransportSettings, address, name string, port int, keepAlive bool) (*client, error) {
	settings.Timeout = timeout
	roundTripper, err := settings.RoundTripper(
		httpcommon.WithBaseDialer(dialer(port)),
		httpcommon.WithForceAttemptHTTP2(true),
		httpcommon.WithKeepaliveSettings{Disable: !keepAlive},
		httpcommon.WithLogger(nopLogger),
	)
	if err != nil {
		return nil, err
	}
	if address, err = renamed(address, name); err != nil {
		return nil, err
	}
	return &client{&http.Client{Transport: roundTripper, Timeout: timeout}, address, ""}, nil
}

// seen is what a server says of its client.
type seen struct {
	ClientCertificate bool    `json:"clientCertificate"`
	Subject           *string `json:"subject"`
}

// get sends a request and reads the whole answer: under TLS 1.3 a client learns of a refusal only then.
func (c *client) get() (seen, error) {
	var s seen
	request, err := http.NewRequest(http.MethodGet, c.url, nil)
	if err != nil {
		return s, err
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return s, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return s, err
	}
	if response.StatusCode != http.StatusOK {
		return s, fmt.Errorf("answered %s", response.Status)
	}
	return s, json.Unmarshal(body, &s)
}

func (v *validator) connect(r request) (answer, error) {
	c, err := v.newClient(r, false)
	if err != nil {
		return nil, err
	}
	defer c.http.CloseIdleConnections()
	s, err := c.get()
	if err != nil {
		return nil, err
	}
	return answer{"clientCertificate": s.ClientCertificate, "subject": s.Subject}, nil
}
