// The command that the ACME libraries in Go share here: `register`, `order <challenge> <file> <name>…`, `renew <challenge> <file>`, which
// orders only when the server wants it (RFC 9773), and `revoke <file>`. Each program adds its library as a `library`.
package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"
)

type library interface {
	register(ctx context.Context, kid, hmacKey string) error
	// order proves the names by this challenge and answers the certificate and its chain as PEM; replaced is nil for a first one.
	order(ctx context.Context, challenge string, names []string, replaced *x509.Certificate) ([]byte, error)
	// isWanted tells whether the server wants another certificate by now.
	isWanted(ctx context.Context, leaf *x509.Certificate) (bool, error)
	revoke(ctx context.Context, leaf *x509.Certificate) error
}

const (
	keyFile = "account.key"
	limit   = 2 * time.Minute
)

var errNoRenewalInformation = errors.New("this library knows nothing of renewal information")

func run(open func(ctx context.Context, directory string, key crypto.Signer) (library, error)) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := perform(ctx, open, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func perform(ctx context.Context, open func(context.Context, string, crypto.Signer) (library, error), args []string) error {
	var keys struct {
		Acme struct{ DirectoryURL, Kid, HmacKey string }
	}
	if err := json.Unmarshal([]byte(os.Getenv("CERTMUX_KEYS")), &keys); err != nil {
		return err
	}
	key, err := accountKey()
	if err != nil {
		return err
	}
	used, err := open(ctx, keys.Acme.DirectoryURL, key)
	if err != nil {
		return err
	}
	switch command := args[0]; command {
	case "register":
		return used.register(ctx, keys.Acme.Kid, keys.Acme.HmacKey)
	case "order":
		chain, err := used.order(ctx, args[1], args[3:], nil)
		if err != nil {
			return err
		}
		return os.WriteFile(args[2], chain, 0o644)
	case "renew":
		leaf, err := readLeaf(args[2])
		if err != nil {
			return err
		}
		wanted, err := used.isWanted(ctx, leaf)
		if err != nil || !wanted {
			return errors.Join(err, printed("not yet\n"))
		}
		chain, err := used.order(ctx, args[1], leaf.DNSNames, leaf)
		if err != nil {
			return err
		}
		return os.WriteFile(args[2], chain, 0o644)
	case "revoke":
		leaf, err := readLeaf(args[1])
		if err != nil {
			return err
		}
		return used.revoke(ctx, leaf)
	default:
		return fmt.Errorf("no such command: %s", command)
	}
}

func printed(text string) error {
	_, err := fmt.Print(text)
	return err
}

// accountKey is the one that was made before, or a new one.
func accountKey() (crypto.Signer, error) {
	if text, err := os.ReadFile(keyFile); err == nil {
		block, _ := pem.Decode(text)
		return x509.ParseECPrivateKey(block.Bytes)
	}
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), 0o600)
}

func newKey() (*ecdsa.PrivateKey, error) {
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// newRequest is a certificate request of a fresh key.
func newRequest(names []string) ([]byte, error) {
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	return x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{DNSNames: names}, key)
}

func readLeaf(file string) (*x509.Certificate, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	return x509.ParseCertificate(block.Bytes)
}

func chainOf(ders [][]byte) []byte {
	var text bytes.Buffer
	for _, der := range ders {
		_ = pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	return text.Bytes()
}

// placeText sets a TXT record.
func placeText(ctx context.Context, name, value string) error {
	query := url.Values{"name": {name}, "value": {value}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, os.Getenv("STAGE_URL")+"/txt?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the stage answered %s", response.Status)
	}
	return nil
}

var (
	files        = http.NewServeMux()
	serveFiles   = sync.OnceValue(func() error { return serve("STAGE_HTTP_PORT", serveHTTP) })
	certificates sync.Map
	serveTLS     = sync.OnceValue(func() error { return serve("STAGE_HTTPS_PORT", shakeHands) })
)

// serveFile answers one path, whatever the host, until the command ends.
func serveFile(path, content string) error {
	files.HandleFunc(path, func(response http.ResponseWriter, _ *http.Request) { fmt.Fprint(response, content) })
	return serveFiles()
}

// serveAlpn shakes hands for this name until the command ends (RFC 8737).
func serveAlpn(name string, certificate tls.Certificate) error {
	certificates.Store(name, &certificate)
	return serveTLS()
}

func serve(port string, answer func(net.Listener)) error {
	listener, err := net.Listen("tcp", net.JoinHostPort(os.Getenv("STAGE_ADDRESS"), os.Getenv(port)))
	if err == nil {
		go answer(listener)
	}
	return err
}

func serveHTTP(listener net.Listener) {
	_ = http.Serve(listener, files)
}

func shakeHands(listener net.Listener) {
	config := &tls.Config{
		NextProtos: []string{"acme-tls/1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if found, ok := certificates.Load(hello.ServerName); ok {
				return found.(*tls.Certificate), nil
			}
			return nil, fmt.Errorf("no challenge for %s", hello.ServerName)
		},
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		_ = tls.Server(connection, config).Handshake()
		_ = connection.Close()
	}
}
