// Verifies as Go does (crypto/x509), and looks into the lists, which Go leaves to its callers.
// Arguments: leaf, chain, anchors, lists, name, seconds. Ends with 1 where it refuses.
package main

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"strconv"
	"time"
)

func main() {
	if err := verify(os.Args[1:]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func verify(args []string) error {
	seconds, err := strconv.ParseInt(args[5], 10, 64)
	if err != nil {
		panic(err)
	}
	at := time.Unix(seconds, 0)
	leaf, err := x509.ParseCertificate(blocks(args[0])[0])
	if err != nil {
		return err
	}
	options := x509.VerifyOptions{DNSName: args[4], CurrentTime: at, Roots: pool(args[2]), Intermediates: pool(args[1])}
	chains, err := leaf.Verify(options)
	if err != nil {
		return err
	}
	var lists []*x509.RevocationList
	for _, der := range blocks(args[3]) {
		list, err := x509.ParseRevocationList(der)
		if err != nil {
			return err
		}
		lists = append(lists, list)
	}
	for i, certificate := range chains[0][:len(chains[0])-1] {
		if err := notRevoked(certificate, chains[0][i+1], lists, at); err != nil {
			return err
		}
	}
	return nil
}

func notRevoked(certificate, issuer *x509.Certificate, lists []*x509.RevocationList, at time.Time) error {
	for _, list := range lists {
		if !bytes.Equal(list.RawIssuer, issuer.RawSubject) {
			continue
		}
		if err := list.CheckSignatureFrom(issuer); err != nil {
			return err
		}
		if at.Before(list.ThisUpdate) || at.After(list.NextUpdate) {
			return fmt.Errorf("the list of %s is not current", issuer.Subject)
		}
		for _, entry := range list.RevokedCertificateEntries {
			if entry.SerialNumber.Cmp(certificate.SerialNumber) == 0 {
				return fmt.Errorf("%x is revoked (%d)", entry.SerialNumber, entry.ReasonCode)
			}
		}
		return nil
	}
	return fmt.Errorf("there is no list of %s", issuer.Subject)
}

func pool(path string) *x509.CertPool {
	found := x509.NewCertPool()
	for _, der := range blocks(path) {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			panic(err)
		}
		found.AddCert(certificate)
	}
	return found
}

func blocks(path string) [][]byte {
	rest, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	var found [][]byte
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return found
		}
		found = append(found, block.Bytes)
	}
}
