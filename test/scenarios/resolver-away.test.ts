/**
 * The configured DNS resolver is away: the server starts all the same and says so with the way out, in both languages; a customer reads that
 * it is not their fault, and has the certificate once it is back.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseConfig } from '../../src/config/load.ts';
import { formatToken } from '../../src/dialects/native/auth.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import type { Language } from '../../src/domain/language.ts';
import { startCertmux } from '../../src/main.ts';
import { makeKeyAndCsr } from '../../src/quickstart/certificate-files.ts';
import { startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { cheapSecrets } from '../support/cheap-secrets.ts';
import { until } from '../support/system.ts';

test('a resolver that is away', async () => {
  await using cleanup = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'certmux-resolver-'));
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }));
  let isAway = true;
  const dns = await startLoopbackDns({ isSilent: () => isAway });
  cleanup.defer(() => dns.close());
  const web = await startLoopbackWeb();
  cleanup.defer(() => web.close());
  const resolver = `${dns.address}:${dns.port}`;
  const settings = {
    listen: ['http://127.0.0.1:0'],
    authority: { allowLocalPkiUrl: true },
    dataDirectory: join(folder, 'data'),
    log: { level: 'warn' },
    storage: { reserveMiB: 0 },
    dns: { resolvers: [resolver], timeoutMs: 100 },
    validation: { httpPort: web.httpPort, httpsPort: web.httpPort, dangerAllowAddresses: [web.address] },
  };
  const lines: string[] = [];
  const certmux = await startCertmux({
    config: parseConfig(JSON.stringify(settings), 'test'),
    systemResolvers: [],
    logSink: { write: (line) => void lines.push(line) },
    ...cheapSecrets(),
  });
  cleanup.defer(() => certmux.stop());
  const [url = ''] = certmux.urls;
  const readiness = async (language: Language) => {
    const response = await fetch(`${url}/readyz`, { headers: { 'Accept-Language': language } });
    const body: unknown = await response.json();
    assert.ok(typeof body === 'object' && body !== null);
    return { code: response.status, resolvers: 'resolvers' in body ? String(body.resolvers) : undefined };
  };

  // It is there, and says what is missing: at once in /readyz and the log.
  await until(async () => (await readiness('en')).resolvers !== undefined, 'the first look is over');
  const { code, resolvers } = await readiness('en');
  assert.equal(code, 200);
  assert.match(resolvers ?? '', /^no DNS resolver of this server \(127\.0\.0\.1:\d+\) answers.*set dns\.resolvers$/);
  assert.match((await readiness('zh')).resolvers ?? '', /^本服务器的 DNS 解析服务器（127\.0\.0\.1:\d+）均无应答/);
  assert.deepEqual(lines.filter((line) => line.includes(`no DNS resolver answers (${resolver})`)).length, 1);

  // A customer's order waits, and says whose fault it is.
  assert.ok(certmux.firstOperator !== undefined);
  const clientOf = (token: string, language: Language = 'en') =>
    createNativeClient({ baseUrl: url, token, language, fetch: (request) => fetch(request) });
  const operator = clientOf(formatToken(certmux.firstOperator));
  const account = (await operator.accounts.create({ name: 'customer', currency: 'USD' })).id;
  const { clientSettings } = await operator.credentials.create({ account, roles: ['requester'] });
  const token = Object.values(clientSettings).find((value) => value.startsWith('cmx_')) ?? '';
  const { csrPem } = await makeKeyAndCsr(['www.customer.example']);
  const { number } = await clientOf(token).orders.place({ productCode: 'native:tls-dv', csr: csrPem });
  const order = String(number);
  const problemIn = async (language: Language) => {
    const [name] = (await clientOf(token, language).orders.show({ order })).names;
    return name?.proofs.find(({ lastCheck }) => lastCheck !== null)?.lastCheck?.problem ?? '';
  };
  await until(async () => (await problemIn('en')) !== '', 'the name was looked at');
  assert.match(await problemIn('en'), /^no DNS resolver of this server answers.*not the fault of the name/);
  assert.match(await problemIn('zh'), /^本服务器的 DNS 解析服务器均无应答.*不是域名或其解析记录的问题/);
  assert.doesNotMatch(await problemIn('en'), /127\.0\.0\.1/, 'its address is not the customer’s to know');

  // Back again: nobody has to restart or order anything.
  isAway = false;
  dns.set('www.customer.example', 'A', web.address);
  for (const { proofs } of (await clientOf(token).orders.show({ order })).names) {
    for (const proof of proofs) if ('path' in proof) web.put('www.customer.example', proof.path, proof.content);
  }
  await until(async () => {
    // It may be issued before it is asked for, or was asked for often enough.
    await clientOf(token)
      .orders.check({ order })
      .catch((thrown: unknown) =>
        assert.match(String(thrown), /is (issuing|issued|ready)|was checked 6 times within a minute/),
      );
    return (await clientOf(token).orders.show({ order })).state === 'active';
  }, 'it is issued');
  assert.equal((await readiness('en')).resolvers, undefined);
});
