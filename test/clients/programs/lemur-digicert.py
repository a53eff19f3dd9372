"""lemur: its DigiCert plugins, as its server calls them. They never prove a name, so the names are proved before."""
import types

from flask import Flask
from lemur.plugins.lemur_digicert.plugin import DigiCertIssuerPlugin, DigiCertSourcePlugin
from stage import KEYS, SERVER_URL, did, need, stage

NAME = "lemur.clients.example.com"
app = Flask("lemur")
app.config.update(
    DIGICERT_URL=SERVER_URL,
    DIGICERT_API_KEY=KEYS["digicert"]["X-DC-DEVKEY"],
    DIGICERT_ORG_ID=None,
    DIGICERT_ORDER_TYPE="ssl_dv_geotrust_flex",
    DIGICERT_ROOT="none",
    DIGICERT_SOURCE_ENABLED=True,
)

with app.app_context():
    issuer = DigiCertIssuerPlugin()
    stage("/prove", name=NAME)
    options = {"common_name": NAME, "validity_years": 1}
    body, chain, certificate = issuer.create_certificate(stage("/csr", name=NAME), options)
    need(body.startswith("-----BEGIN CERTIFICATE-----"), f"the certificate is {body[:80]}")
    need(chain.startswith("-----BEGIN CERTIFICATE-----"), f"its issuer is {chain[:80]}")
    did("ordered with a CSR, polled, downloaded the certificate and its chain")
    order = types.SimpleNamespace(external_id=None, name=NAME)

    source = DigiCertSourcePlugin()
    found = source.get_certificates([])
    need(any(one["external_id"] == str(certificate) for one in found), f"{len(found)} certificates, without this one")
    need(all(one["chain"].startswith("-----BEGIN CERTIFICATE-----") for one in found), "each with its chain")
    did("read every certificate of the account (platform 29)")

    revoked = types.SimpleNamespace(external_id=certificate)
    issuer.revoke_certificate(revoked, {"comments": "over", "crl_reason": "keyCompromise"})
    did("revoked the certificate")

    other = "pending.lemur-clients.example.net"
    wish = {"certificate": {"common_name": other, "csr": stage("/csr", name=other), "signature_hash": "sha256"}}
    url = f"{SERVER_URL}/services/v2/order/certificate/ssl_dv_geotrust_flex"
    placed = issuer.session.post(url, json={**wish, "validity_years": 1}).json()
    order.external_id = placed["id"]
    issuer.cancel_ordered_certificate(order, note="no need")
    did("cancelled an order that waits for its proof")
