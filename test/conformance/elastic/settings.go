package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/elastic/elastic-agent-libs/kibana"
	"github.com/elastic/elastic-agent-libs/logp"
	"github.com/elastic/elastic-agent-libs/transport/httpcommon"
	"github.com/elastic/elastic-agent-libs/transport/tlscommon"
)

var nopLogger = logp.NewNopLogger()

// serverConfig is what CreateFleetServerBootstrapConfig gives Fleet Server (application/enroll/enroll.go): the client
// authorities are the whole --certificate-authorities list.
func (c *command) serverConfig(reload reload) (*tlscommon.ServerConfig, error) {
	if c.serverCert == "" {
		return nil, errors.New("without --fleet-server-cert the agent makes a pair of its own and drops the authorities")
	}
	pair, err := c.pair(c.serverCert, c.serverCertKey, c.serverPassphrase)
	if err != nil {
		return nil, err
	}
	authorities, err := c.authorities()
	if err != nil {
		return nil, err
	}
	var clientAuth tlscommon.TLSClientAuth
	if err := clientAuth.Unpack(c.serverClientAuth); err != nil {
		return nil, err
	}
	config := &tlscommon.ServerConfig{Certificate: pair, CAs: authorities, ClientAuth: &clientAuth}
	if c.esInsecure {
		config.VerificationMode = tlscommon.VerifyNone
	}
	if err := reload.applyToServer(config); err != nil {
		return nil, err
	}
	return config, config.Validate()
}

// agentSettings is EnrollOptions.RemoteConfig (application/enroll/options.go): the transport and the URL.
func (c *command) agentSettings(verification string, reload reload) (*httpcommon.HTTPTransportSettings, string, error) {
	parsed, err := url.Parse(c.url)
	if err != nil {
		return nil, "", fmt.Errorf("could not parse url: %w", err)
	}
	if parsed.Scheme == "http" && !c.insecure {
		return nil, "", errors.New("connection to fleet-server is insecure, strongly recommended to use a secure connection (override with --insecure)")
	}
	address, err := kibana.MakeURL(parsed.Scheme, parsed.Path+"/", parsed.Host, 0)
	if err != nil {
		return nil, "", fmt.Errorf("invalid fleet-server endpoint: %w", err)
	}
	config := &tlscommon.Config{}
	if config.CAs, err = c.authorities(); err != nil {
		return nil, "", err
	}
	if c.caSHA256 != "" {
		for _, pin := range strings.Split(c.caSHA256, ",") {
			config.CASha256 = append(config.CASha256, strings.TrimSpace(pin))
		}
	}
	if c.insecure {
		verification = "none"
	}
	if err := config.VerificationMode.Unpack(verification); err != nil {
		return nil, "", err
	}
	if config.Certificate, err = c.pair(c.agentCert, c.agentCertKey, c.agentPassphrase); err != nil {
		return nil, "", err
	}
	if err := reload.applyToClient(config); err != nil {
		return nil, "", err
	}
	settings := httpcommon.DefaultHTTPTransportSettings()
	settings.TLS = config
	return &settings, address, config.Validate()
}

// proxy is the transport's proxy, as RemoteConfig sets it too; without a URL it is that of the environment.
func (c *command) proxy() (httpcommon.HTTPClientProxySettings, error) {
	headers := map[string]string{}
	for _, header := range c.proxyHeaders {
		if name, value, found := strings.Cut(header, "="); found {
			headers[name] = value
		}
	}
	settings := httpcommon.HTTPClientProxySettings{Disable: c.proxyDisabled, Headers: headers}
	if c.proxyURL == "" {
		return settings, nil
	}
	var err error
	settings.URL, err = httpcommon.NewProxyURIFromString(c.proxyURL)
	return settings, err
}

// elasticsearchConfig is Fleet Server's bootstrap output; nil where the command has no Elasticsearch option at all.
func (c *command) elasticsearchConfig(reload reload) (*tlscommon.Config, error) {
	if c.serverESCA == "" && c.serverESFingerprint == "" && c.serverESCert == "" && c.serverESCertKey == "" && !c.esInsecure {
		return nil, nil
	}
	config := &tlscommon.Config{CATrustedFingerprint: c.serverESFingerprint}
	if c.esInsecure {
		config.VerificationMode = tlscommon.VerifyNone
	}
	if c.serverESCA != "" {
		// One path, never split at commas (enroll.go:299-307).
		authority, err := c.paths.local(c.serverESCA)
		if err != nil {
			return nil, err
		}
		config.CAs = []string{authority}
	}
	var err error
	if config.Certificate, err = c.pair(c.serverESCert, c.serverESCertKey, ""); err != nil {
		return nil, err
	}
	if err := reload.applyToClient(config); err != nil {
		return nil, err
	}
	return config, config.Validate()
}

// elasticsearchTransport is Fleet Server's (fleet-server internal/pkg/config/output.go:125-131 at dc8e23079462):
// ToConfig carries no server name, so with any option set the name is not checked.
func elasticsearchTransport(config *tlscommon.Config) (*http.Transport, error) {
	transport := &http.Transport{TLSHandshakeTimeout: timeout, ResponseHeaderTimeout: timeout}
	if config == nil {
		return transport, nil
	}
	loaded, err := tlscommon.LoadTLSConfig(config, nopLogger)
	if err != nil {
		return nil, err
	}
	transport.TLSClientConfig = loaded.ToConfig()
	return transport, nil
}

// elasticsearchURL adds the port as fleet-server internal/pkg/config/output.go:196-236 does.
func (c *command) elasticsearchURL() (string, error) {
	parsed, err := url.Parse(c.serverES)
	if err != nil {
		return "", err
	}
	if parsed.Port() == "" {
		parsed.Host = net.JoinHostPort(parsed.Hostname(), "9200")
	}
	parsed.User = nil
	return parsed.String(), nil
}

// serviceToken is read raw, as Fleet Server reads it: a newline in the file makes a header that Go refuses to send.
func (c *command) serviceToken() (string, error) {
	if c.serverToken != "" {
		return c.serverToken, nil
	}
	path, err := c.paths.local(c.serverTokenPath)
	if err != nil {
		return "", err
	}
	token, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("unable to read service_token_path: %w", err)
	}
	return string(token), nil
}

// limit applies the request's protocol versions to a TLS configuration that has none of its own.
func limit(config *tls.Config, versions []tlscommon.TLSVersion) *tls.Config {
	if config == nil {
		config = &tls.Config{}
	}
	if len(versions) > 0 {
		config.MinVersion, config.MaxVersion = uint16(versions[0]), uint16(versions[len(versions)-1])
	}
	return config
}
