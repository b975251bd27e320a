//go:build libs_v0_31_0

package main

import (
	"errors"

	"github.com/elastic/elastic-agent-libs/transport/tlscommon"
)

// canReload: elastic-agent-libs v0.31.0 reads its files once.
const canReload = false

func (r reload) refuse() error {
	if r.enabled != nil && *r.enabled {
		return errors.New("elastic-agent-libs v0.31.0 has no certificate reload")
	}
	return nil
}

func (r reload) applyToServer(*tlscommon.ServerConfig) error { return r.refuse() }

func (r reload) applyToClient(*tlscommon.Config) error { return r.refuse() }
