package main

import (
	"fmt"
	"time"

	"cdktf-fleet-tls/lines"

	"github.com/elastic/elastic-agent-libs/transport/tlscommon"
)

const timeout = lines.Timeout

type answer = lines.Answer

// request is one line of standard input, the union of what every op reads; ../protocol.ts says which op reads what.
type request struct {
	Op string `json:"op"`

	Command     string            `json:"command"`
	Edge        string            `json:"edge"`
	Argv        []string          `json:"argv"`
	Directories map[string]string `json:"directories"`
	Platform    string            `json:"platform"`
	Output      map[string]any    `json:"output"`

	FleetServerOutput map[string]any `json:"fleetServerOutput"`

	Server     string   `json:"server"`
	Port       int      `json:"port"`
	ServerName string   `json:"serverName"`
	CAs        []string `json:"cas"`
	ClientCAs  []string `json:"clientCas"`
	ClientAuth string   `json:"clientAuth"`

	Certificate string `json:"certificate"`
	Key         string `json:"key"`
	Passphrase  string `json:"passphrase"`

	ThroughProxy bool `json:"throughProxy"`

	MinVersion       string `json:"minVersion"`
	MaxVersion       string `json:"maxVersion"`
	Verification     string `json:"verification"`
	Reload           *bool  `json:"reload"`
	ReloadIntervalMs int    `json:"reloadIntervalMs"`

	Chain   string `json:"chain"`
	Name    string `json:"name"`
	Purpose string `json:"purpose"`
	At      *int64 `json:"at"`

	CertificateBytes []byte `json:"certificateBytes"`
	KeyBytes         []byte `json:"keyBytes"`
	AuthorityBytes   []byte `json:"authorityBytes"`
	ChainBytes       []byte `json:"chainBytes"`

	Checkin    string `json:"checkin"`
	IntervalMs int    `json:"intervalMs"`
}

func (r request) reload() reload {
	return reload{enabled: r.Reload, interval: time.Duration(r.ReloadIntervalMs) * time.Millisecond}
}

func (r request) pair() tlscommon.CertificateConfig {
	return tlscommon.CertificateConfig{Certificate: r.Certificate, Key: r.Key, PassphrasePath: r.Passphrase}
}

// versions lists the protocols between the request's two bounds; none means the library's default, TLS 1.2 and 1.3.
func (r request) versions() ([]tlscommon.TLSVersion, error) {
	if r.MinVersion == "" && r.MaxVersion == "" {
		return nil, nil
	}
	lowest, highest := tlscommon.TLSVersionDefaultMin, tlscommon.TLSVersionMax
	if r.MaxVersion != "" {
		if err := highest.Unpack(r.MaxVersion); err != nil {
			return nil, err
		}
		lowest = min(lowest, highest)
	}
	if r.MinVersion != "" {
		if err := lowest.Unpack(r.MinVersion); err != nil {
			return nil, err
		}
	}
	var versions []tlscommon.TLSVersion
	for version := lowest; version <= highest; version++ {
		if err := version.Validate(); err != nil {
			return nil, err
		}
		versions = append(versions, version)
	}
	if len(versions) == 0 {
		return nil, fmt.Errorf("no version between %s and %s", r.MinVersion, r.MaxVersion)
	}
	return versions, nil
}

// reload is the certificate reload that a request asks for; unset is the library's own default.
type reload struct {
	enabled  *bool
	interval time.Duration
}
