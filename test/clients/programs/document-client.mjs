/**
 * The life of a certificate through each API, by a client that a package makes of the API's OpenAPI document: which package, the
 * runner says. `call(operationId, { path, query, body })` answers the parsed body, and throws for an HTTP status of an error.
 */
import { csrFor, did, keys, need, needPem, placeFile, placeRecord, poll } from './stage.mjs';

const lives = { native, digicert, encryption365, racent, wosign, httpsok };

export async function live(dialect, call) {
  await lives[dialect](call, `${dialect}.clients.example.com`);
}

async function native(call, name) {
  const products = await call('products.list');
  need(products.items.length > 0, 'there are products');
  did('listed the products');
  const placed = await call('orders.place', {
    body: { productCode: 'encryption365:100', csr: await csrFor(name), names: [name], method: 'dnsTxt' },
  });
  did('placed an order with a CSR');
  const order = { order: placed.id };
  const [{ proofs }] = placed.names;
  const proof = proofs.find(({ method }) => method === 'dnsTxt');
  await placeRecord(proof.host, 'TXT', proof.value);
  await call('orders.check', { path: order });
  did('proved the name');
  const shown = await poll(
    () => call('orders.show', { path: order }),
    ({ issuance }) => issuance.state === 'issued',
    'the order is issued',
  );
  const certificate = { certificate: shown.certificate.id };
  needPem(await call('certificates.download', { path: certificate, query: { format: 'pem' } }), 'the download');
  did('downloaded the certificate');
  await call('orders.reissue', { path: order, body: { csr: await csrFor(name) } });
  await poll(
    () => call('orders.show', { path: order }),
    (view) => view.issuance.kind === 'reissue' && view.issuance.state === 'issued',
    'it is reissued',
  );
  did('reissued it');
  const { state } = await call('orders.revoke', { path: order, body: { reason: 'superseded' } });
  need(state === 'revoked', `the order is ${state}`);
  did('revoked the order');
}

async function digicert(call, name) {
  const { products } = await call('product.list');
  need(
    products.some(({ name_id: id }) => id === 'ssl_dv_geotrust_flex'),
    'ssl_dv_geotrust_flex is there',
  );
  did('listed the products');
  const certificate = { common_name: name, csr: await csrFor(name), signature_hash: 'sha256' };
  const placed = await call('order.place', {
    path: { product_name_id: 'ssl_dv_geotrust_flex' },
    body: { certificate, order_validity: { years: 1 }, dcv_method: 'dns-txt-token' },
  });
  did('placed an order with a CSR');
  await placeRecord(name, 'TXT', placed.dcv_random_value);
  const path = { order_id: placed.id };
  // One path has one name for its parameter in a document, for both of its methods.
  const infoPath = { product_name_id: String(placed.id) };
  await call('order.checkDcv', { path });
  did('proved the name');
  const shown = await poll(
    () => call('order.info', { path: infoPath }),
    ({ status }) => status === 'issued',
    'the order is issued',
  );
  const { id } = shown.certificate;
  needPem(await call('certificate.download', { path: { certificate_id: id, format: 'pem_all' } }), 'the download');
  did('downloaded the certificate');
  await call('order.reissue', { path, body: { certificate: { ...certificate, csr: await csrFor(name) } } });
  await poll(
    () => call('order.info', { path: infoPath }),
    (order) => order.status === 'issued' && order.certificate.id !== id,
    'it is reissued',
  );
  did('reissued it');
  await call('order.revoke', { path, body: { comments: 'over', skip_approval: true } });
  need((await call('order.info', { path: infoPath })).status === 'revoked', 'the order is revoked');
  did('revoked the order');
}

async function encryption365(call, name) {
  const signedIn = await call('client.create', { body: { ...keys.encryption365, servername: 'client' } });
  const { client_id, access_token } = signedIn;
  const ask = async (operation, body = {}) => {
    const answer = await call(operation, { body: { client_id, access_token, ...body } });
    need(answer.result === 'success', JSON.stringify(answer));
    return answer;
  };
  did('signed in');
  await ask('account.products');
  did('listed the products');
  const placed = await ask('cert.create', { pid: '100', csr_code: await csrFor(name), domains: name });
  did('placed an order with a CSR');
  const trustocean_id = placed.trustocean_id;
  const proof = placed.dcv_info[name];
  await placeFile(name, new URL(proof.http_verifylink).pathname, proof.http_filecontent);
  await ask('cert.challenge', { trustocean_id });
  did('proved the name');
  const shown = await poll(
    () => ask('cert.details', { trustocean_id }),
    ({ cert_status: status }) => status === 'issued_active',
    'the order is issued',
  );
  needPem(shown.cert_code, 'cert_code');
  did('downloaded the certificate');
  await ask('cert.revoke', { trustocean_id, revocationReason: 'keyCompromise' });
  did('revoked it');
}

async function racent(call, name) {
  const ask = async (operation, body = {}) => {
    const answer = await call(operation, { body: { ...keys.racent, ...body } });
    need(answer.code === 1, JSON.stringify(answer));
    return answer;
  };
  const { data: products } = await ask('product.list');
  need(products.length > 0, 'there are products');
  did('listed the products');
  const domainInfo = [{ domainName: name, dcvMethod: 'HTTP_CSR_HASH', dcvEmail: '' }];
  const contact = { firstName: 'nick', lastName: 'zhang', email: 'nick@example.com', organization: 'Example' };
  const wish = { csr: await csrFor(name), server: 'nginx', domainInfo, Administrator: contact };
  const { data: placed } = await ask('order.place', {
    productCode: 'comodo-positivessl',
    years: 1,
    refId: 'document-client',
    ...wish,
  });
  did('placed an order with a CSR');
  const { certId } = placed;
  const { data: waiting } = await ask('cert.collect', { certId });
  await placeFile(name, new URL(waiting.DCVfilePath).pathname, waiting.DCVfileContent);
  await ask('dcv.update', { certId, domainName: name, dcvMethod: 'HTTP_CSR_HASH' });
  did('proved the name');
  const issued = await poll(
    () => ask('cert.collect', { certId }),
    ({ status }) => status === 'COMPLETE',
    'the order is issued',
  );
  needPem(issued.data.certificate, 'certificate');
  did('downloaded the certificate');
  const { data: next } = await ask('cert.reissue', { certId, reason: 'lost', csr: await csrFor(name), domainInfo });
  const again = { certId: next?.certId ?? certId };
  await poll(
    () => ask('cert.collect', again),
    ({ status, data }) => status === 'COMPLETE' && data.certificate !== issued.data.certificate,
    'it is reissued',
  );
  did('reissued it');
  await ask('cert.revoke', { ...again, reason: 'over' });
  did('revoked it');
}

async function wosign(call, name) {
  const { customer_id, auth_token, signfile } = keys.wosign;
  const ask = (body) => call('cert.apply', { body: { customer_id, auth_token, ...body } });
  await placeFile(name, '/.well-known/pki-validation/signfile', signfile);
  const body = { req_type: 'cert_apply', domain_name: [name], csr: await csrFor(name), handle_id: '' };
  const issued = await poll(
    () => ask(body),
    ({ status }) => status !== '1',
    'the certificate is there',
  );
  need(issued.result === 'success', JSON.stringify(issued));
  needPem(issued.certificate, 'certificate');
  did('proved the name, placed an order with a CSR, downloaded the certificate: one call');
}

async function httpsok(call, name) {
  const ask = async (operation, more) => {
    const answer = await call(operation, more);
    need(answer.code === 0, JSON.stringify(answer));
    return answer.data;
  };
  const domainList = [`*.${name}`, name];
  const delegation = await ask('cert.dv', { body: { domainList } });
  did('read which record to set');
  for (const { host, hostValue } of delegation.configs) await placeRecord(`${host}.example.com`, 'CNAME', hostValue);
  need((await ask('cert.dv', { body: { domainList } })).valid, 'the record is seen');
  did('proved the names');
  const id = await ask('cert.apply', { body: { domainList } });
  did('placed an order');
  const issued = await poll(
    () => ask('cert.show', { path: { id } }),
    ({ status }) => status !== 2,
    'it is decided',
  );
  needPem(issued.certificate, 'certificate');
  did('downloaded the certificate and its key');
}
