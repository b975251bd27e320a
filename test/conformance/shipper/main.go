// The shipper sends events as Beats do: by Elastic's TLS library, over lumberjack or to Kafka. It answers one JSON
// request a line.
package main

import (
	"errors"
	"fmt"
	"syscall"

	"cdktf-fleet-tls/lines"
)

const timeout = lines.Timeout

type answer = lines.Answer

// request is one line of standard input; ../protocol.ts says what each field is.
type request struct {
	Op string `json:"op"`

	Output      output            `json:"output"`
	Directories map[string]string `json:"directories"`
	Dial        map[string]int    `json:"dial"`
	Variables   map[string]string `json:"variables"`
	Plaintext   bool              `json:"plaintext"`
}

func main() {
	lines.Serve(perform)
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
	versions := lines.Versions("github.com/elastic/elastic-agent-libs", "github.com/elastic/go-lumber", "github.com/IBM/sarama")
	return answer{"versions": versions, "roles": []string{"client"}, "ops": []string{"ship"}}
}
