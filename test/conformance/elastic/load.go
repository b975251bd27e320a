package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"

	"github.com/elastic/elastic-agent-libs/transport/tlscommon"
)

// load loads a pair as the agent does from the files that its command names.
func load(r request) (answer, error) {
	return inFiles(map[string][]byte{"certificate": r.CertificateBytes, "key": r.KeyBytes}, func(at map[string]string) error {
		pair := tlscommon.CertificateConfig{Certificate: at["certificate"], Key: at["key"], Passphrase: r.Passphrase}
		_, err := tlscommon.LoadTLSConfig(&tlscommon.Config{Certificate: pair}, nopLogger)
		return err
	})
}

// trust loads a file of CAs as the agent does, reads every block of it, and verifies a chain against it twice: as Go
// does, and by tlscommon's own verifier.
func trust(r request) (answer, error) {
	return inFiles(map[string][]byte{"cas": r.AuthorityBytes, "chain": r.ChainBytes}, func(at map[string]string) error {
		if _, err := tlscommon.LoadTLSConfig(&tlscommon.Config{CAs: []string{at["cas"]}}, nopLogger); err != nil {
			return err
		}
		if err := everyBlock(r.AuthorityBytes); err != nil || len(r.ChainBytes) == 0 {
			return err
		}
		// The name is for tlscommon alone, which takes a common name where Go takes none.
		chain := request{Chain: at["chain"], CAs: []string{at["cas"]}, Purpose: r.Purpose}
		if _, err := verify(chain); err != nil {
			return err
		}
		presented, err := readCertificates(at["chain"])
		if err != nil {
			return err
		}
		chain.Name = r.Name
		return verifyAsElastic(chain, tls.ConnectionState{PeerCertificates: presented})
	})
}

// everyBlock reads each certificate of a file, of which AppendCertsFromPEM passes over those that it cannot read.
func everyBlock(rest []byte) error {
	for number := 1; ; number++ {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil
		}
		if block.Type != "CERTIFICATE" || len(block.Headers) > 0 {
			return fmt.Errorf("block %d is passed over", number)
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return fmt.Errorf("block %d: %w", number, err)
		}
	}
}

// inFiles writes each text to a file of its own for as long as use runs; one panic of a library is its refusal.
func inFiles(texts map[string][]byte, use func(map[string]string) error) (answer, error) {
	folder, err := os.MkdirTemp("", "conformance-load-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	at := map[string]string{}
	for name, text := range texts {
		at[name] = folder + "/" + name
		if err := os.WriteFile(at[name], text, 0o600); err != nil {
			return nil, err
		}
	}
	return answer{}, use(at)
}
