// Command elastic answers one JSON request a line with Elastic's own TLS code: github.com/elastic/elastic-agent-libs.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
)

// validator holds what lives longer than a request: commands, servers and check-ins, each under a handle.
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
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	var writing sync.Mutex
	var pending sync.WaitGroup
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		line := append([]byte(nil), in.Bytes()...)
		pending.Add(1)
		go func() {
			defer pending.Done()
			a := v.answer(line)
			writing.Lock()
			defer writing.Unlock()
			_ = out.Encode(a)
		}()
	}
	pending.Wait()
}

// answer turns every failure, a panic included, into an answer: a bad request must not end the process.
func (v *validator) answer(line []byte) (a answer) {
	var r request
	defer func() {
		if cause := recover(); cause != nil {
			a = answer{"id": r.ID, "ok": false, "error": fmt.Sprintf("panic: %v", cause)}
		}
	}()
	err := json.Unmarshal(line, &r)
	if err == nil {
		a, err = v.perform(r)
	}
	if err != nil {
		return answer{"id": r.ID, "ok": false, "error": err.Error()}
	}
	a["id"], a["ok"] = r.ID, true
	return a
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
	versions := map[string]string{"go": runtime.Version()}
	if build, found := debug.ReadBuildInfo(); found {
		for _, module := range build.Deps {
			if module.Path == "github.com/elastic/elastic-agent-libs" || module.Path == "github.com/spf13/pflag" {
				versions[module.Path] = module.Version
			}
		}
	}
	return answer{
		"versions":   versions,
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
