// Command elastic answers one JSON request a line with Elastic's own TLS code: github.com/elastic/elastic-agent-libs.
package main

import (
	"fmt"
	"strconv"
	"sync"

	"cdktf-fleet-tls/lines"
)

// validator stores what outlives a request: commands, servers and check-ins, each under a handle.
type validator struct {
	mutex    sync.Mutex
	last     int
	commands map[string]*command
	servers  map[string]*server
	checkins map[string]*checkin
}

func main() {
	v := &validator{
		commands: map[string]*command{},
		servers:  map[string]*server{},
		checkins: map[string]*checkin{},
	}
	lines.Serve(v.perform)
}

func (v *validator) perform(r request) (answer, error) {
	switch r.Op {
	case "capabilities":
		return capabilities(), nil
	case "command":
		return v.readCommand(r)
	case "serve":
		return v.serve(r)
	case "restart":
		return v.restart(r)
	case "server-stats":
		return v.serverStats(r)
	case "close":
		return v.closeServer(r)
	case "connect":
		return v.connect(r)
	case "verify":
		return verify(r)
	case "load":
		return load(r)
	case "trust":
		return trust(r)
	case "checkin-start":
		return v.startCheckin(r)
	case "checkin-stats":
		return v.checkinStats(r)
	case "checkin-stop":
		return v.stopCheckin(r)
	default:
		return nil, fmt.Errorf("unknown op %q", r.Op)
	}
}

// keep stores a value under a new handle.
func keep[T any](v *validator, in map[string]T, value T) string {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	v.last++
	handle := strconv.Itoa(v.last)
	in[handle] = value
	return handle
}

func find[T any](v *validator, in map[string]T, kind, handle string) (T, error) {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	value, found := in[handle]
	if !found {
		return value, fmt.Errorf("no %s has the handle %q", kind, handle)
	}
	return value, nil
}

// take is find, and the handle is free afterwards.
func take[T any](v *validator, in map[string]T, kind, handle string) (T, error) {
	value, err := find(v, in, kind, handle)
	if err == nil {
		v.mutex.Lock()
		defer v.mutex.Unlock()
		delete(in, handle)
	}
	return value, err
}

func capabilities() answer {
	return answer{
		"versions":   lines.Versions("github.com/elastic/elastic-agent-libs", "github.com/spf13/pflag"),
		"roles":      []string{"server", "client"},
		"ops":        []string{"serve", "connect", "verify", "load", "trust", "close", "command", "restart", "server-stats", "checkin-start", "checkin-stats", "checkin-stop"},
		"algorithms": []string{"ecdsa", "rsa", "ed25519"},
		"keys":       []string{"pkcs8", "sec1", "pkcs1", "pkcs8-encrypted"},
		// tlscommon refuses TLS 1.0 in a configuration, TLSVersionMin.
		"oldest": "TLSv1.1",
		// A Go server that asks for a certificate verifies what is sent.
		"optionalUnknown": "refused",
		// With CertificateReload off a Go client withholds what no listed CA signed, so nothing is sent to refuse.
		"withholds": !canReload,
		"reload":    canReload,
		"verifies":  []string{"name", "time"},
	}
}
