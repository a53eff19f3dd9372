/** The CA in the tests looks at real servers: DNS of several, web pages, handshakes. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, describe, it } from 'node:test';
import { startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { createWireNetwork } from '../support/acme-ca/wire-network.ts';
import { challengeCertificate, identifierContent, startChallengeServer } from '../support/challenge-certificate.ts';
import { createSession } from './session.ts';

const closing: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closing) await close();
});

async function startDns(options: Parameters<typeof startLoopbackDns>[0] = {}) {
  const dns = await startLoopbackDns(options);
  closing.push(dns.close);
  return dns;
}

describe('the wire network of the ACME CA of the tests', () => {
  it('follows CNAMEs from one server to another', async () => {
    const customers = await startDns({
      records: [
        { name: '_acme-challenge.www.example.com', type: 'CNAME', value: 'label.zone.example' },
        { name: '_acme-challenge.loop.example.com', type: 'CNAME', value: '_acme-challenge.loop.example.com' },
        { name: 'label.zone.example', type: 'TXT', value: 'not here' },
        { name: 'example.com', type: 'CAA', value: ['0 issue "ca.example"', '128 issuewild ";"'] },
      ],
    });
    const zone = await startDns({
      records: [{ name: 'label.zone.example', type: 'TXT', value: ['one', 'x'.repeat(300)] }],
    });
    const network = createWireNetwork({ resolver: customers, zones: { 'zone.example': zone } });
    assert.deepEqual(await network.resolveTxt('_acme-challenge.www.example.com'), {
      texts: ['one', 'x'.repeat(300)],
      viaCname: ['label.zone.example'],
    });
    assert.deepEqual(await network.resolveTxt('nothing.example.com'), { texts: [], viaCname: [] });
    await assert.rejects(network.resolveTxt('_acme-challenge.loop.example.com'));
    assert.deepEqual(await network.resolveCaa('www.example.com'), []);
    assert.deepEqual(await network.resolveCaa('example.com'), [
      { isCritical: false, tag: 'issue', value: 'ca.example' },
      { isCritical: true, tag: 'issuewild', value: ';' },
    ]);
  });

  it('reads pages of any host, and tells who is not there', async () => {
    const resolver = await startDns();
    const web = await startLoopbackWeb();
    web.put('www.example.com', '/page', 'content\n');
    const network = createWireNetwork({ resolver, web: { address: web.address, port: web.httpPort } });
    assert.deepEqual(await network.fetchHttp('www.example.com', '/page'), { status: 200, body: 'content\n' });
    assert.equal((await network.fetchHttp('other.example.com', '/page')).status, 404);
    await web.close();
    await assert.rejects(network.fetchHttp('www.example.com', '/page'));
    await assert.rejects(createWireNetwork({ resolver }).fetchHttp('www.example.com', '/'), /nobody listens/);
  });

  const handshakes: readonly (readonly [type: 'dns' | 'ip', name: string, serverName: string])[] = [
    ['dns', 'www.example.com', 'www.example.com'],
    ['ip', '192.0.2.7', '7.2.0.192.in-addr.arpa'],
    ['ip', '2001:db8::7', '7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
  ];
  for (const [type, name, serverName] of handshakes) {
    it(`lets ${name} be proved by tls-alpn-01`, async () => {
      const resolver = await startDns();
      const network = createWireNetwork({ resolver });
      const session = await createSession({ network, settings: { challengeTypes: ['tls-alpn-01'] } });
      const { client, ca } = session;
      for (const isRight of [true, false]) {
        const order = await client.newOrder([name]);
        const { body } = await client.post(order.body.authorizations[0]);
        const [{ token, url }] = body.challenges;
        const hash = createHash('sha256')
          .update(client.keyAuthorization(isRight ? token : 'other'))
          .digest('hex');
        const server = await startChallengeServer(
          await challengeCertificate({ names: [{ type, value: name }], identifier: identifierContent(hash) }),
        );
        Object.assign(network, createWireNetwork({ resolver, tls: { address: '127.0.0.1', port: server.port } }));
        await client.post(url, {});
        const final = await client.post(order.body.authorizations[0]);
        assert.equal(final.body.status, isRight ? 'valid' : 'invalid', final.text);
        assert.deepEqual(server.serverNames, [serverName]);
        await server.close();
      }
      assert.deepEqual(ca.books.bugs, []);
    });
  }
});
