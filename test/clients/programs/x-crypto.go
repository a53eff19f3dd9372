// golang.org/x/crypto/acme, on which autocert and cert-manager are built.
package main

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"fmt"

	"golang.org/x/crypto/acme"
)

type xCrypto struct{ client *acme.Client }

func main() {
	run(func(_ context.Context, directory string, key crypto.Signer) (library, error) {
		return xCrypto{&acme.Client{Key: key, DirectoryURL: directory}}, nil
	})
}

func (x xCrypto) register(ctx context.Context, kid, hmacKey string) error {
	key, err := base64.RawURLEncoding.DecodeString(hmacKey)
	if err != nil {
		return err
	}
	account := &acme.Account{
		Contact:                []string{"mailto:ops@example.org"},
		ExternalAccountBinding: &acme.ExternalAccountBinding{KID: kid, Key: key},
	}
	_, err = x.client.Register(ctx, account, acme.AcceptTOS)
	return err
}

func (x xCrypto) order(ctx context.Context, challenge string, names []string, _ *x509.Certificate) ([]byte, error) {
	order, err := x.client.AuthorizeOrder(ctx, acme.DomainIDs(names...))
	if err != nil {
		return nil, err
	}
	for _, url := range order.AuthzURLs {
		if err := x.prove(ctx, url, challenge); err != nil {
			return nil, err
		}
	}
	if _, err := x.client.WaitOrder(ctx, order.URI); err != nil {
		return nil, err
	}
	csr, err := newRequest(names)
	if err != nil {
		return nil, err
	}
	ders, certificate, err := x.client.CreateOrderCert(ctx, order.FinalizeURL, csr, true)
	if err != nil {
		return nil, err
	}
	// Read from the `Link` lines of the certificate; our CA has no other chain.
	if others, err := x.client.ListCertAlternates(ctx, certificate); err != nil || len(others) > 0 {
		return nil, fmt.Errorf("other chains: %v %w", others, err)
	}
	return chainOf(ders), nil
}

func (x xCrypto) prove(ctx context.Context, url, wanted string) error {
	authorization, err := x.client.GetAuthorization(ctx, url)
	if err != nil || authorization.Status == acme.StatusValid {
		return err
	}
	for _, challenge := range authorization.Challenges {
		if challenge.Type != wanted {
			continue
		}
		if err := x.place(ctx, authorization.Identifier.Value, challenge); err != nil {
			return err
		}
		if _, err := x.client.Accept(ctx, challenge); err != nil {
			return err
		}
		_, err = x.client.WaitAuthorization(ctx, url)
		return err
	}
	return fmt.Errorf("%s is not offered", wanted)
}

func (x xCrypto) place(ctx context.Context, name string, challenge *acme.Challenge) error {
	switch challenge.Type {
	case "http-01":
		content, err := x.client.HTTP01ChallengeResponse(challenge.Token)
		if err != nil {
			return err
		}
		return serveFile(x.client.HTTP01ChallengePath(challenge.Token), content)
	case "tls-alpn-01":
		certificate, err := x.client.TLSALPN01ChallengeCert(challenge.Token, name)
		if err != nil {
			return err
		}
		return serveAlpn(name, certificate)
	default:
		value, err := x.client.DNS01ChallengeRecord(challenge.Token)
		if err != nil {
			return err
		}
		return placeText(ctx, "_acme-challenge."+name, value)
	}
}

func (x xCrypto) isWanted(context.Context, *x509.Certificate) (bool, error) {
	return false, errNoRenewalInformation
}

func (x xCrypto) revoke(ctx context.Context, leaf *x509.Certificate) error {
	return x.client.RevokeCert(ctx, nil, leaf.Raw, acme.CRLReasonSuperseded)
}
