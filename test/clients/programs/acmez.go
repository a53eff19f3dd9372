// github.com/mholt/acmez, on which certmagic and Caddy are built.
package main

import (
	"context"
	"crypto"
	"crypto/x509"
	"time"

	"github.com/mholt/acmez/v3"
	"github.com/mholt/acmez/v3/acme"
)

type acmezLibrary struct {
	client  *acme.Client
	account acme.Account
}

func main() {
	run(func(ctx context.Context, directory string, key crypto.Signer) (library, error) {
		used := &acmezLibrary{client: &acme.Client{Directory: directory}, account: acme.Account{PrivateKey: key}}
		// One that is not registered yet is registered by the next command.
		if found, err := used.client.GetAccount(ctx, used.account); err == nil {
			used.account = found
		}
		return used, nil
	})
}

func (a *acmezLibrary) register(ctx context.Context, kid, hmacKey string) error {
	a.account.Contact = []string{"mailto:ops@example.org"}
	a.account.TermsOfServiceAgreed = true
	if err := a.account.SetExternalAccountBinding(ctx, a.client, acme.EAB{KeyID: kid, MACKey: hmacKey}); err != nil {
		return err
	}
	_, err := a.client.NewAccount(ctx, a.account)
	return err
}

func (a *acmezLibrary) order(ctx context.Context, challenge string, names []string, replaced *x509.Certificate) ([]byte, error) {
	der, err := newRequest(names)
	if err != nil {
		return nil, err
	}
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, err
	}
	order, err := acmez.OrderParametersFromCSR(a.account, csr)
	if err != nil {
		return nil, err
	}
	order.Replaces = replaced
	solvers := map[string]acmez.Solver{challenge: solver{}}
	client := acmez.Client{Client: a.client, ChallengeSolvers: solvers}
	chains, err := client.ObtainCertificate(ctx, order)
	if err != nil {
		return nil, err
	}
	return chains[0].ChainPEM, nil
}

func (a *acmezLibrary) isWanted(ctx context.Context, leaf *x509.Certificate) (bool, error) {
	information, err := a.client.GetRenewalInfo(ctx, leaf)
	return err == nil && information.SelectedTime.Before(time.Now()), err
}

func (a *acmezLibrary) revoke(ctx context.Context, leaf *x509.Certificate) error {
	return a.client.RevokeCertificate(ctx, a.account, leaf, nil, acme.ReasonSuperseded)
}

type solver struct{}

func (solver) Present(ctx context.Context, challenge acme.Challenge) error {
	switch challenge.Type {
	case acme.ChallengeTypeHTTP01:
		return serveFile(challenge.HTTP01ResourcePath(), challenge.KeyAuthorization)
	case acme.ChallengeTypeTLSALPN01:
		certificate, err := acmez.TLSALPN01ChallengeCert(challenge)
		if err != nil {
			return err
		}
		return serveAlpn(challenge.Identifier.Value, *certificate)
	default:
		return placeText(ctx, challenge.DNS01TXTRecordName(), challenge.DNS01KeyAuthorization())
	}
}

func (solver) CleanUp(context.Context, acme.Challenge) error { return nil }
