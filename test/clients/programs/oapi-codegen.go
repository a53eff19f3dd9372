// The life of a certificate through certmux's own API, by the client that oapi-codegen makes of its document.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"clients/native"
)

const name = "go.native.clients.example.com"

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	var keys struct {
		Native struct {
			Token string `json:"token"`
		} `json:"native"`
	}
	if err := json.Unmarshal([]byte(os.Getenv("CERTMUX_KEYS")), &keys); err != nil {
		return err
	}
	authorize := native.WithRequestEditorFn(func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+keys.Native.Token)
		return nil
	})
	client, err := native.NewClientWithResponses(os.Getenv("CERTMUX_URL"), authorize)
	if err != nil {
		return err
	}
	products, err := client.ProductsListWithResponse(ctx)
	if err != nil {
		return err
	}
	if products.JSON200 == nil || len(products.JSON200.Items) == 0 {
		return fmt.Errorf("the products are %s", products.Body)
	}
	did("listed the products")

	csr, err := stage("/csr", url.Values{"name": {name}})
	if err != nil {
		return err
	}
	method := native.OrdersPlaceJSONBodyMethodDnsTxt
	wish := native.OrdersPlaceJSONRequestBody{ProductCode: "encryption365:100", Csr: csr, Names: &[]string{name}, Method: &method}
	placed, err := client.OrdersPlaceWithResponse(ctx, &native.OrdersPlaceParams{}, wish)
	if err != nil {
		return err
	}
	if placed.JSON201 == nil {
		return fmt.Errorf("the order is %s", placed.Body)
	}
	did("placed an order with a CSR")
	order := placed.JSON201.Id

	for _, proof := range placed.JSON201.Names[0].Proofs {
		record, err := proof.AsTxtProof()
		if err != nil || record.Method != native.TxtProofMethodDnsTxt {
			continue
		}
		if _, err := stage("/dns", url.Values{"name": {record.Host}, "type": {"TXT"}, "value": {record.Value}}); err != nil {
			return err
		}
	}
	if _, err := client.OrdersCheckWithResponse(ctx, order); err != nil {
		return err
	}
	did("proved the name")

	issued, err := waitUntilIssued(ctx, client, order)
	if err != nil {
		return err
	}
	format := native.CertificatesDownloadParamsFormat("pem")
	downloaded, err := client.CertificatesDownloadWithResponse(ctx, issued, &native.CertificatesDownloadParams{Format: &format})
	if err != nil {
		return err
	}
	if !strings.HasPrefix(string(downloaded.Body), "-----BEGIN CERTIFICATE-----\n") {
		return fmt.Errorf("the download is %.80s", downloaded.Body)
	}
	did("downloaded the certificate")

	reason := native.OrdersRevokeJSONBodyReason("superseded")
	revoked, err := client.OrdersRevokeWithResponse(ctx, order, native.OrdersRevokeJSONRequestBody{Reason: &reason})
	if err != nil {
		return err
	}
	if revoked.JSON200 == nil || revoked.JSON200.State != native.OrderState("revoked") {
		return fmt.Errorf("the order is %s", revoked.Body)
	}
	did("revoked the order")

	unknown, err := client.OrdersShowWithResponse(ctx, "999999999")
	if err != nil {
		return err
	}
	if unknown.ApplicationproblemJSON404 == nil || unknown.StatusCode() != http.StatusNotFound {
		return fmt.Errorf("an unknown order is %s", unknown.Body)
	}
	did("read the problem of an unknown order")
	return nil
}

func waitUntilIssued(ctx context.Context, client *native.ClientWithResponses, order string) (string, error) {
	for range 200 {
		shown, err := client.OrdersShowWithResponse(ctx, order)
		if err != nil {
			return "", err
		}
		if shown.JSON200 != nil && shown.JSON200.Certificate != nil {
			return shown.JSON200.Certificate.Id, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "", fmt.Errorf("waited in vain until the order is issued")
}

func stage(path string, fields url.Values) (string, error) {
	response, err := http.Get(os.Getenv("STAGE_URL") + path + "?" + fields.Encode())
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

func did(what string) { fmt.Println("- " + what) }
