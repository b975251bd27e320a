// The shipper sends events as Beats do: by Elastic's TLS library, over lumberjack or to Kafka. It answers one JSON
// request a line.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
)

// timeout bounds every connection, handshake and acknowledgement: a busy machine is no failure.
const timeout = 20 * time.Second

type answer map[string]any

// request is one line of standard input; ../protocol.ts says what each field is.
type request struct {
	ID int    `json:"id"`
	Op string `json:"op"`

	Output      output            `json:"output"`
	Directories map[string]string `json:"directories"`
	Dial        map[string]int    `json:"dial"`
	Variables   map[string]string `json:"variables"`
	Plaintext   bool              `json:"plaintext"`
}

func main() {
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
			a := answerTo(line)
			writing.Lock()
			defer writing.Unlock()
			_ = out.Encode(a)
		}()
	}
	pending.Wait()
}

func answerTo(line []byte) answer {
	var r request
	err := json.Unmarshal(line, &r)
	var a answer
	if err == nil {
		a, err = perform(r)
	}
	if err != nil {
		return answer{"id": r.ID, "ok": false, "error": err.Error()}
	}
	a["id"], a["ok"] = r.ID, true
	return a
}

func perform(r request) (answer, error) {
	switch r.Op {
	case "capabilities":
		return capabilities(), nil
	case "ship":
		return shipUntilAnswered(r)
	default:
		return nil, fmt.Errorf("unknown op %q", r.Op)
	}
}

// maxAttempts bounds the attempts that end before the peer's reason is read.
const maxAttempts = 20

// shipUntilAnswered ships, and once more where a write failed on a connection that the peer had closed. With TLS 1.3 a
// server refuses after the client's handshake: a write that meets the closed connection hides the alert with the reason.
func shipUntilAnswered(r request) (answer, error) {
	var a answer
	var err error
	for range maxAttempts {
		a, err = ship(r)
		if !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
			break
		}
	}
	return a, err
}

func ship(r request) (answer, error) {
	config, err := r.tls()
	if err != nil {
		return nil, err
	}
	var acknowledged int
	switch r.Output.Type {
	case "logstash":
		acknowledged, err = r.toLogstash(config)
	case "kafka":
		acknowledged, err = r.toKafka(config)
	default:
		err = fmt.Errorf("an output of type %q is not shipped here", r.Output.Type)
	}
	return answer{"acknowledged": acknowledged}, err
}

func capabilities() answer {
	versions := map[string]string{"go": runtime.Version()}
	if build, found := debug.ReadBuildInfo(); found {
		for _, module := range build.Deps {
			switch module.Path {
			case "github.com/elastic/elastic-agent-libs", "github.com/elastic/go-lumber", "github.com/IBM/sarama":
				versions[module.Path] = module.Version
			}
		}
	}
	return answer{"versions": versions, "roles": []string{"client"}, "ops": []string{"ship"}}
}
