package main

import (
	"fmt"

	"github.com/IBM/sarama"
	"github.com/elastic/elastic-agent-libs/transport/tlscommon"
)

// toKafka ships one event as libbeat's kafka output does: its TLS configuration is built for no name (beats
// libbeat/outputs/kafka/config.go, newSaramaConfig), and sarama adds the name that is dialled.
func (r request) toKafka(config *tlscommon.TLSConfig) (int, error) {
	settings := sarama.NewConfig()
	version, err := sarama.ParseKafkaVersion(r.Output.Version)
	if err != nil {
		return 0, err
	}
	settings.Version = version
	settings.Net.DialTimeout, settings.Net.ReadTimeout, settings.Net.WriteTimeout = timeout, timeout, timeout
	settings.Net.Proxy.Enable, settings.Net.Proxy.Dialer = true, dialer(r.Dial)
	// A refusal is the answer; it is not tried again.
	settings.Metadata.Retry.Max, settings.Producer.Retry.Max = 0, 0
	settings.Producer.RequiredAcks = sarama.WaitForAll
	settings.Producer.Return.Successes = true
	if config != nil {
		settings.Net.TLS.Enable = true
		settings.Net.TLS.Config = config.BuildModuleClientConfig("")
	}
	if r.Output.AuthType == "user_pass" {
		if r.Output.Sasl.Mechanism != sarama.SASLTypePlaintext {
			return 0, fmt.Errorf("SASL mechanism %s is not shipped by here", r.Output.Sasl.Mechanism)
		}
		settings.Net.SASL.Enable = true
		settings.Net.SASL.Mechanism = sarama.SASLTypePlaintext
		settings.Net.SASL.User = r.Output.Username
		settings.Net.SASL.Password = r.secret(r.Output.Secrets.Password)
	}
	producer, err := sarama.NewSyncProducer(r.Output.Hosts, settings)
	if err != nil {
		return 0, err
	}
	defer producer.Close()
	message := &sarama.ProducerMessage{Topic: r.Output.Topic, Value: sarama.StringEncoder("one event")}
	if _, _, err := producer.SendMessage(message); err != nil {
		return 0, err
	}
	return 1, nil
}
