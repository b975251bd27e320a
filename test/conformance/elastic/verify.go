package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/elastic/elastic-agent-libs/transport/tlscommon"
)

// verify validates a path twice: as Go does in a handshake, at any time, and by tlscommon's own verifier, which knows
// no time but now.
func verify(r request) (answer, error) {
	chain, err := readCertificates(r.Chain)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	for _, path := range r.CAs {
		authorities, err := readCertificates(path)
		if err != nil {
			return nil, err
		}
		for _, authority := range authorities {
			roots.AddCert(authority)
		}
	}
	usage := x509.ExtKeyUsageServerAuth
	if r.Purpose == "client" {
		usage = x509.ExtKeyUsageClientAuth
	}
	options := x509.VerifyOptions{
		Roots: roots, Intermediates: x509.NewCertPool(), KeyUsages: []x509.ExtKeyUsage{usage}, DNSName: r.Name,
	}
	for _, intermediate := range chain[1:] {
		options.Intermediates.AddCert(intermediate)
	}
	if r.At != nil {
		options.CurrentTime = time.Unix(*r.At, 0)
	}
	if _, err := chain[0].Verify(options); err != nil {
		return nil, err
	}
	if r.At != nil {
		return answer{}, nil
	}
	return answer{}, verifyAsElastic(r, tls.ConnectionState{PeerCertificates: chain})
}

func verifyAsElastic(r request, state tls.ConnectionState) error {
	if r.Purpose == "client" {
		required := tlscommon.TLSClientAuth(tls.RequireAndVerifyClientCert)
		loaded, err := tlscommon.LoadTLSServerConfig(&tlscommon.ServerConfig{CAs: r.CAs, ClientAuth: &required}, nopLogger)
		if err != nil {
			return err
		}
		return loaded.BuildServerConfig("").VerifyConnection(state)
	}
	loaded, err := tlscommon.LoadTLSConfig(&tlscommon.Config{CAs: r.CAs}, nopLogger)
	if err != nil {
		return err
	}
	return loaded.BuildModuleClientConfig(r.Name).VerifyConnection(state)
}

func readCertificates(path string) ([]*x509.Certificate, error) {
	rest, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var certificates []*x509.Certificate
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("%s contains a block of type %s", path, block.Type)
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		certificates = append(certificates, certificate)
	}
	if len(certificates) == 0 {
		return nil, errors.New("no certificate in " + path)
	}
	return certificates, nil
}
