//go:build !libs_v0_31_0

package main

import "github.com/elastic/elastic-agent-libs/transport/tlscommon"

// canReload: elastic-agent-libs v0.46.3 reloads pairs and CA files, by default on, every 5 s.
const canReload = true

func (r reload) apply(to *tlscommon.CertificateReload) error {
	to.Enabled, to.ReloadInterval = r.enabled, r.interval
	return nil
}

func (r reload) applyToServer(c *tlscommon.ServerConfig) error { return r.apply(&c.CertificateReload) }

func (r reload) applyToClient(c *tlscommon.Config) error { return r.apply(&c.CertificateReload) }
