"""openapi-python-client: a package made of Racent's document, with its own types for every request and reply."""
import importlib
import urllib.parse

from stage import KEYS, SERVER_URL, did, need, poll, stage

made = "racent_client"
Client = importlib.import_module(f"{made}").Client
models = importlib.import_module(f"{made}.models")
client = Client(base_url=SERVER_URL, raise_on_unexpected_status=True)
NAME = "python.racent.clients.example.com"


def ask(group, operation, body_class, **fields):
    module = importlib.import_module(f"{made}.api.{group}.{operation}")
    body = getattr(models, body_class).from_dict({**KEYS["racent"], **fields})
    answer = module.sync(client=client, body=body)
    need(answer is not None and answer.code == 1, f"{operation} answered {answer}")
    return answer


products = ask("product", "product_list", "ProductListBody").data
need(len(products) > 0, "there are products")
did("listed the products")
domain_info = [{"domainName": NAME, "dcvMethod": "HTTP_CSR_HASH", "dcvEmail": ""}]
person = {"firstName": "nick", "lastName": "zhang", "email": "nick@example.com", "organization": "Example"}
placed = ask(
    "order",
    "order_place",
    "OrderPlaceBody",
    productCode="comodo-positivessl",
    years=1,
    refId="openapi-python-client",
    csr=stage("/csr", name=NAME),
    server="nginx",
    domainInfo=domain_info,
    Administrator=person,
)
certificate = placed.data.cert_id
did("placed an order with a CSR")


def collect():
    return ask("cert", "cert_collect", "CertCollectBody", certId=certificate)


waiting = collect().data.to_dict()
path = urllib.parse.urlparse(waiting["DCVfilePath"]).path
stage("/web", host=NAME, path=path, content=waiting["DCVfileContent"])
ask("dcv", "dcv_update", "DcvUpdateBody", certId=certificate, domainName=NAME, dcvMethod="HTTP_CSR_HASH")
did("proved the name")
issued = poll(collect, lambda answer: answer.status == "COMPLETE", "the order is issued")
need(issued.data.to_dict()["certificate"].startswith("-----BEGIN CERTIFICATE-----\n"), "there is a certificate")
did("downloaded the certificate")
ask("cert", "cert_revoke", "CertRevokeBody", certId=certificate, reason="over")
did("revoked it")
