/** The problem type of a challenge that failed (RFC 8555 §6.7), which clients branch on, by what the check found. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Reason, reason } from '../../../src/domain/errors.ts';
import { createSession } from './harness.ts';

const name = 'www.example.com';
const url = `http://${name}/`;
const record = `_acme-challenge.${name}`;

const rows: readonly (readonly [challenge: string, found: Reason, type: string])[] = [
  ['http-01', reason('dnsNoSuchName', { name }), 'dns'],
  ['tls-alpn-01', reason('dnsNoSuchName', { name }), 'dns'],
  ['dns-01', reason('dnsNoSuchName', { name: record }), 'unauthorized'], // there is no record
  ['dns-01', reason('dnsNoRecord', { name: record, type: 'TXT' }), 'unauthorized'],
  ['dns-01', reason('dnsServerFailure', { name: record, rcode: 'SERVFAIL' }), 'dns'],
  ['http-01', reason('httpNoAddress', { host: name }), 'dns'],
  ['http-01', reason('httpConnectFailed', { url, peer: '192.0.2.1:80', detail: 'refused' }), 'connection'],
  ['http-01', reason('httpStatus', { url, status: 404 }), 'unauthorized'],
];

for (const [challenge, found, type] of rows) {
  it(`${challenge}, ${found.key}: ${type}`, async () => {
    const { client, app } = await createSession();
    app.checks.failWith(name, found);
    const [authorization] = (await client.newOrder([name])).body.authorizations;
    const offered: readonly { readonly type: string; readonly url: string }[] = (await client.post(authorization)).body
      .challenges;
    const { url: challengeUrl = '' } = offered.find((one) => one.type === challenge) ?? {};
    await client.post(challengeUrl, {});
    await app.advance(120);
    const { error } = (await client.post(challengeUrl)).body;
    assert.equal(error.type, `urn:ietf:params:acme:error:${type}`);
  });
}
