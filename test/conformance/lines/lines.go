// Package lines answers JSON requests, one a line, as ../protocol.ts describes.
package lines

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// Timeout bounds every connection, handshake and request: a busy machine is no failure.
const Timeout = 2 * time.Minute

// Answer is one line of standard output; ID and success are added to it.
type Answer map[string]any

// Versions are those of Go and of the named modules in this program.
func Versions(modules ...string) map[string]string {
	versions := map[string]string{"go": runtime.Version()}
	if build, found := debug.ReadBuildInfo(); found {
		for _, module := range build.Deps {
			if slices.Contains(modules, module.Path) {
				versions[module.Path] = module.Version
			}
		}
	}
	return versions
}

// Serve answers every line of standard input, each in a goroutine of its own, and returns after the last answer.
func Serve[Request any](perform func(Request) (Answer, error)) {
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
			a := answerTo(line, perform)
			writing.Lock()
			defer writing.Unlock()
			_ = out.Encode(a)
		}()
	}
	pending.Wait()
}

// answerTo turns every failure, a panic included, into an answer: a bad request must not end the process.
func answerTo[Request any](line []byte, perform func(Request) (Answer, error)) (a Answer) {
	var envelope struct {
		ID int `json:"id"`
	}
	defer func() {
		if cause := recover(); cause != nil {
			a = Answer{"id": envelope.ID, "ok": false, "error": fmt.Sprintf("panic: %v", cause)}
		}
	}()
	var r Request
	err := json.Unmarshal(line, &envelope)
	if err == nil {
		err = json.Unmarshal(line, &r)
	}
	if err == nil {
		a, err = perform(r)
	}
	if err != nil {
		return Answer{"id": envelope.ID, "ok": false, "error": err.Error()}
	}
	a["id"], a["ok"] = envelope.ID, true
	return a
}
