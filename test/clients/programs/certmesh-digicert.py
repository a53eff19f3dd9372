"""certmesh: its DigiCert provider, from the order to the revocation. It never proves a name, so the name is proved before."""
import os

from certmesh.certificate_utils import build_csr, csr_to_pem, generate_rsa_private_key
from certmesh.exceptions import DigiCertAuthenticationError, DigiCertDownloadError, DigiCertOrderNotFoundError
from certmesh.providers import digicert_client as digicert
from certmesh.certificate_utils import SubjectInfo
from stage import KEYS, SERVER_URL, did, need, stage

NAME = "certmesh.clients.example.com"
CONFIG = {
    "base_url": f"{SERVER_URL}/services/v2",
    "polling": {"interval_seconds": 1, "max_wait_seconds": 20},
}


def use_key(key):
    os.environ["CM_DIGICERT_API_KEY"] = key


def expect(error, call):
    try:
        call()
    except error:
        return
    raise SystemExit(f"no {error.__name__}")


use_key("wrong")
expect(DigiCertAuthenticationError, lambda: digicert.list_issued_certificates(CONFIG, {}, None))
did("a wrong key is refused")
use_key(KEYS["digicert"]["X-DC-DEVKEY"])
stage("/prove", name=NAME)
request = digicert.OrderRequest(
    common_name=NAME, product_name_id="ssl_dv_geotrust_flex", key_size=2048, dcv_method="dns-txt-token"
)
# It asks for `pem_all` and takes the answer for a ZIP file; the vendor and certmux send the PEM text that this format is.
expect(DigiCertDownloadError, lambda: digicert.order_and_await_certificate(CONFIG, {}, None, request))
did("ordered with a CSR and polled until it was issued; its download takes pem_all for a ZIP file and fails")

found = digicert.search_certificates(CONFIG, {}, None, common_name=NAME, status="issued")
need(len(found) == 2, f"{len(found)} orders of {NAME}")
issued = max(found, key=lambda one: one.order_id)
need(len(digicert.list_issued_certificates(CONFIG, {}, None, page_size=1)) >= 2, "it reads page after page")
did("listed and searched orders")
detail = digicert.describe_certificate(CONFIG, {}, None, issued.certificate_id)
need(detail.common_name == NAME and detail.order_id == issued.order_id, f"it describes {detail}")
need(NAME in detail.sans and detail.serial_number == issued.serial_number, f"it describes {detail}")
did("described a certificate")
csr = csr_to_pem(build_csr(generate_rsa_private_key(key_size=2048), SubjectInfo(common_name=NAME)))
duplicate = digicert.duplicate_certificate(CONFIG, {}, None, issued.order_id, csr, common_name=NAME)
need("id" in duplicate or "certificate_id" in duplicate, f"the duplicate is {duplicate}")
did("duplicated it")
digicert.revoke_certificate(CONFIG, {}, None, certificate_id=issued.certificate_id, reason="key_compromise")
need(
    digicert.describe_certificate(CONFIG, {}, None, issued.certificate_id).status == "revoked", "the certificate is revoked"
)
did("revoked it")
expect(DigiCertOrderNotFoundError, lambda: digicert.describe_certificate(CONFIG, {}, None, 999_999_999))
did("an unknown certificate is not found")
