package main

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/elastic/elastic-agent-libs/transport/tlscommon"
)

// command is an emitted command as the agent understands it.
type command struct {
	*flags
	paths hostPaths
}

// readCommand parses, checks and loads a command, as an install does up to its first connection.
func (v *validator) readCommand(r request) (answer, error) {
	at := slices.IndexFunc(r.Argv, func(word string) bool { return word == "install" || word == "enroll" })
	if at < 0 {
		return nil, errors.New("argv has neither install nor enroll")
	}
	f, err := parseFlags(r.Argv[at], r.Argv[at+1:])
	if err != nil {
		return nil, err
	}
	c := &command{f, hostPaths{r.Directories, r.Platform == "windows"}}
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("could not validate flags: %w", err)
	}
	mode := c.mode()
	if mode == "fleet-server" {
		err = c.validateBootstrap()
	}
	if err == nil && mode != "standalone" {
		err = c.load(r.reload())
	}
	if err != nil {
		return nil, err
	}
	return answer{
		"command":  keep(v, v.commands, c),
		"mode":     mode,
		"prompts":  !c.force && !c.nonInteractive,
		"repeated": append([]string{}, c.repeated...),
		"stray":    append([]string{}, c.stray...),
	}, nil
}

// mode: without a prompt and without url or token, install ends standalone with exit code 0 (install.go:174-241).
func (c *command) mode() string {
	switch {
	case c.serverES != "":
		return "fleet-server"
	case c.url == "" || c.enrollmentToken == "":
		return "standalone"
	default:
		return "agent"
	}
}

// validate makes the checks of validateEnrollFlags (enroll.go:115-175), in its order and words.
func (c *command) validate() error {
	paths := []struct{ flag, path string }{
		{"certificate-authorities", c.certificateAuthorities},
		{"elastic-agent-cert", c.agentCert},
		{"elastic-agent-cert-key", c.agentCertKey},
		{"elastic-agent-cert-key-passphrase", c.agentPassphrase},
		{"fleet-server-es-ca", c.serverESCA},
		{"fleet-server-es-cert", c.serverESCert},
		{"fleet-server-es-cert-key", c.serverESCertKey},
		{"fleet-server-cert", c.serverCert},
		{"fleet-server-cert-key", c.serverCertKey},
		{"fleet-server-service-token-path", c.serverTokenPath},
		{"fleet-server-cert-key-passphrase", c.serverPassphrase},
	}
	for _, given := range paths {
		if given.path != "" && !c.paths.absolute(given.path) {
			return fmt.Errorf("--%s must be provided as an absolute path", given.flag)
		}
	}
	if c.agentPassphrase != "" && (c.agentCert == "" || c.agentCertKey == "") {
		return errors.New("--elastic-agent-cert and --elastic-agent-cert-key must be provided when using --elastic-agent-cert-key-passphrase")
	}
	if c.serverToken != "" && c.serverTokenPath != "" {
		return errors.New("--fleet-server-service-token and --fleet-server-service-token-path are mutually exclusive")
	}
	if !slices.Contains([]string{"none", "optional", "required"}, c.serverClientAuth) {
		return errors.New("--fleet-server-client-auth must be one of [none, optional, required]")
	}
	return nil
}

// validateBootstrap makes the checks of prepareFleetTLS (enroll_cmd.go:353-394) and ElasticsearchFromConnStr
// (configuration/fleet_server.go:57-80).
func (c *command) validateBootstrap() error {
	if c.serverCert != "" && c.serverCertKey == "" {
		return errors.New("certificate private key is required when certificate provided")
	}
	if c.serverCertKey != "" && c.serverCert == "" {
		return errors.New("certificate is required when certificate private key is provided")
	}
	if c.serverCert != "" && c.url == "" {
		return errors.New("url is required when a certificate is provided")
	}
	es, err := url.Parse(c.serverES)
	switch {
	case err != nil:
		return err
	case es.Scheme != "http" && es.Scheme != "https":
		return errors.New("invalid connection string: scheme must be http or https")
	case es.Host == "":
		return errors.New("invalid connection string: must include a host")
	case c.serverToken == "" && c.serverTokenPath == "":
		return errors.New("invalid connection string: must include a service token")
	}
	return nil
}

// load reads every file that the command names, so that a command is refused where the agent would roll back.
func (c *command) load(reload reload) error {
	settings, _, err := c.agentSettings("full", reload)
	if err != nil {
		return err
	}
	if _, err := tlscommon.LoadTLSConfig(settings.TLS, nopLogger); err != nil {
		return fmt.Errorf("elastic agent: %w", err)
	}
	if c.mode() != "fleet-server" {
		return nil
	}
	server, err := c.serverConfig(reload)
	if err != nil {
		return err
	}
	if _, err := tlscommon.LoadTLSServerConfig(server, nopLogger); err != nil {
		return fmt.Errorf("fleet server: %w", err)
	}
	es, err := c.elasticsearchConfig(reload)
	if err != nil {
		return err
	}
	if _, err := tlscommon.LoadTLSConfig(es, nopLogger); err != nil {
		return fmt.Errorf("fleet server to elasticsearch: %w", err)
	}
	return nil
}

// authorities is cli.StringToSlice (internal/pkg/cli/flags.go): split at commas, blanks trimmed.
func (c *command) authorities() ([]string, error) {
	if c.certificateAuthorities == "" {
		return nil, nil
	}
	var paths []string
	for _, path := range strings.Split(c.certificateAuthorities, ",") {
		paths = append(paths, strings.TrimSpace(path))
	}
	return c.paths.localAll(paths)
}

func (c *command) pair(certificate, key, passphrase string) (tlscommon.CertificateConfig, error) {
	locals, err := c.paths.localAll([]string{certificate, key, passphrase})
	if err != nil {
		return tlscommon.CertificateConfig{}, err
	}
	pair := tlscommon.CertificateConfig{Certificate: locals[0], Key: locals[1], PassphrasePath: locals[2]}
	return pair, pair.Validate()
}
