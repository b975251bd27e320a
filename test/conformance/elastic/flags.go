package main

import (
	"io"
	"slices"
	"time"

	"github.com/spf13/pflag"
)

// flags is what a command line sets, with the agent's names, types and defaults: elastic-agent
// internal/pkg/agent/cmd/enroll.go and install.go.
type flags struct {
	url, enrollmentToken                        string
	certificateAuthorities, caSHA256            string
	agentCert, agentCertKey, agentPassphrase    string
	serverES, serverESCA, serverESFingerprint   string
	serverESCert, serverESCertKey               string
	serverToken, serverTokenPath                string
	serverPolicy, serverHost                    string
	serverCert, serverCertKey, serverPassphrase string
	serverClientAuth                            string
	serverPort                                  uint16
	insecure, serverInsecureHTTP, esInsecure    bool
	force, nonInteractive, delayEnroll          bool
	proxyURL                                    string
	proxyHeaders                                []string
	proxyDisabled                               bool
	repeated, stray                             []string
}

// lists may be given more than once; of every other flag the last one wins.
var lists = []string{"header", "proxy-header", "tag"}

func newFlagSet(f *flags, subcommand string) *pflag.FlagSet {
	set := pflag.NewFlagSet(subcommand, pflag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}

	set.StringVar(&f.url, "url", "", "")
	set.StringVarP(&f.enrollmentToken, "enrollment-token", "t", "", "")
	set.StringVarP(&f.certificateAuthorities, "certificate-authorities", "a", "", "")
	set.StringVarP(&f.caSHA256, "ca-sha256", "p", "", "")
	set.StringVar(&f.agentCert, "elastic-agent-cert", "", "")
	set.StringVar(&f.agentCertKey, "elastic-agent-cert-key", "", "")
	set.StringVar(&f.agentPassphrase, "elastic-agent-cert-key-passphrase", "", "")
	set.BoolVarP(&f.insecure, "insecure", "i", false, "")
	set.StringVar(&f.serverES, "fleet-server-es", "", "")
	set.StringVar(&f.serverESCA, "fleet-server-es-ca", "", "")
	set.StringVar(&f.serverESFingerprint, "fleet-server-es-ca-trusted-fingerprint", "", "")
	set.BoolVar(&f.esInsecure, "fleet-server-es-insecure", false, "")
	set.StringVar(&f.serverESCert, "fleet-server-es-cert", "", "")
	set.StringVar(&f.serverESCertKey, "fleet-server-es-cert-key", "", "")
	set.StringVar(&f.serverToken, "fleet-server-service-token", "", "")
	set.StringVar(&f.serverTokenPath, "fleet-server-service-token-path", "", "")
	set.StringVar(&f.serverPolicy, "fleet-server-policy", "", "")
	set.StringVar(&f.serverHost, "fleet-server-host", "", "")
	set.Uint16Var(&f.serverPort, "fleet-server-port", 0, "")
	set.StringVar(&f.serverCert, "fleet-server-cert", "", "")
	set.StringVar(&f.serverCertKey, "fleet-server-cert-key", "", "")
	set.StringVar(&f.serverPassphrase, "fleet-server-cert-key-passphrase", "", "")
	set.StringVar(&f.serverClientAuth, "fleet-server-client-auth", "none", "")
	set.BoolVar(&f.serverInsecureHTTP, "fleet-server-insecure-http", false, "")
	set.BoolVarP(&f.force, "force", "f", false, "")
	set.BoolVar(&f.delayEnroll, "delay-enroll", false, "")
	set.StringVar(&f.proxyURL, "proxy-url", "", "")
	set.StringSliceVar(&f.proxyHeaders, "proxy-header", []string{}, "")
	set.BoolVar(&f.proxyDisabled, "proxy-disabled", false, "")

	// Read by the agent, without a part in TLS.
	for _, name := range []string{"id", "replace-token", "staging"} {
		set.String(name, "", "")
	}
	for _, name := range []string{"header", "tag"} {
		set.StringSlice(name, []string{}, "")
	}
	for _, name := range []string{"skip-daemon-reload", "checkin-on-state-change"} {
		set.Bool(name, false, "")
	}
	set.Duration("daemon-timeout", 0, "")
	set.Duration("enroll-timeout", 10*time.Minute, "")
	set.Duration("fleet-server-timeout", 0, "")

	if subcommand == "install" {
		set.BoolVarP(&f.nonInteractive, "non-interactive", "n", false, "")
		set.String("base-path", "/opt", "")
		for _, name := range []string{"unprivileged", "install-servers", "develop", "run-uninstall-from-binary"} {
			set.Bool(name, false, "")
		}
		for _, name := range []string{"user", "group", "namespace"} {
			set.String(name, "", "")
		}
	} else {
		set.Bool("from-install", false, "")
		set.String("from-install-user", "", "")
		set.String("from-install-group", "", "")
	}
	return set
}

// parseFlags parses what follows install or enroll, and notes what the agent takes without a word.
func parseFlags(subcommand string, args []string) (*flags, error) {
	f := &flags{}
	set := newFlagSet(f, subcommand)
	err := set.ParseAll(args, func(flag *pflag.Flag, value string) error {
		if flag.Changed && !slices.Contains(lists, flag.Name) {
			f.repeated = append(f.repeated, flag.Name)
		}
		return set.Set(flag.Name, value)
	})
	f.stray = set.Args()
	return f, err
}
