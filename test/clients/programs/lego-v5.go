// github.com/go-acme/lego/v5 as a library, on which Traefik is built.
package main

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"net"
	"os"
	"time"

	"github.com/go-acme/lego/v5/acme"
	"github.com/go-acme/lego/v5/acme/api"
	"github.com/go-acme/lego/v5/certificate"
	"github.com/go-acme/lego/v5/challenge/dns01"
	"github.com/go-acme/lego/v5/challenge/http01"
	"github.com/go-acme/lego/v5/challenge/tlsalpn01"
	"github.com/go-acme/lego/v5/lego"
	"github.com/go-acme/lego/v5/registration"
)

type user struct {
	key     crypto.Signer
	account *acme.ExtendedAccount
}

func (u *user) GetEmail() string                       { return "ops@example.org" }
func (u *user) GetRegistration() *acme.ExtendedAccount { return u.account }
func (u *user) GetPrivateKey() crypto.Signer           { return u.key }

type legoLibrary struct {
	client *lego.Client
}

func main() {
	run(func(ctx context.Context, directory string, key crypto.Signer) (library, error) {
		open := func(account *acme.ExtendedAccount) (*lego.Client, error) {
			config := lego.NewConfig(&user{key: key, account: account})
			config.CADirURL = directory
			return lego.NewClient(config)
		}
		client, err := open(nil)
		if err != nil {
			return nil, err
		}
		// One that is not registered yet is registered by the next command.
		if account, err := client.Registration.ResolveAccountByKey(ctx); err == nil {
			client, err = open(account)
			return legoLibrary{client}, err
		}
		return legoLibrary{client}, nil
	})
}

func (l legoLibrary) register(ctx context.Context, kid, hmacKey string) error {
	options := registration.RegisterEABOptions{TermsOfServiceAgreed: true, Kid: kid, HmacEncoded: hmacKey}
	_, err := l.client.Registration.RegisterWithExternalAccountBinding(ctx, options)
	return err
}

func (l legoLibrary) order(ctx context.Context, challenge string, names []string, replaced *x509.Certificate) ([]byte, error) {
	if err := l.solve(challenge); err != nil {
		return nil, err
	}
	request := certificate.ObtainRequest{Domains: names, Bundle: true}
	if replaced != nil {
		id, err := api.MakeARICertID(replaced)
		if err != nil {
			return nil, err
		}
		request.ReplacesCertID = id
	}
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	request.PrivateKey = key
	resource, err := l.client.Certificate.Obtain(ctx, request)
	if err != nil {
		return nil, err
	}
	return resource.Certificate, nil
}

func (l legoLibrary) solve(challenge string) error {
	address := os.Getenv("STAGE_ADDRESS")
	switch challenge {
	case "http-01":
		place := net.JoinHostPort(address, os.Getenv("STAGE_HTTP_PORT"))
		return l.client.Challenge.SetHTTP01Provider(http01.NewProviderServerWithOptions(http01.Options{Address: place}))
	case "tls-alpn-01":
		return l.client.Challenge.SetTLSALPN01Provider(tlsalpn01.NewProviderServer(address, os.Getenv("STAGE_HTTPS_PORT")))
	default:
		return l.client.Challenge.SetDNS01Provider(records{}, dns01.PropagationWait(time.Millisecond, true))
	}
}

// records are placed on the stage.
type records struct{}

func (records) Present(ctx context.Context, domain, _, keyAuthorization string) error {
	information := dns01.GetChallengeInfo(ctx, domain, keyAuthorization)
	return placeText(ctx, dns01.UnFqdn(information.EffectiveFQDN), information.Value)
}

func (records) CleanUp(context.Context, string, string, string) error { return nil }

func (l legoLibrary) isWanted(ctx context.Context, leaf *x509.Certificate) (bool, error) {
	information, err := l.client.Certificate.GetRenewalInfo(ctx, leaf)
	if err != nil {
		return false, err
	}
	return information.ShouldRenewAt(time.Now(), 0) != nil, nil
}

func (l legoLibrary) revoke(ctx context.Context, leaf *x509.Certificate) error {
	reason := uint(acme.CRLReasonSuperseded)
	return l.client.Certificate.RevokeWithReason(ctx, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Raw}), &reason)
}
