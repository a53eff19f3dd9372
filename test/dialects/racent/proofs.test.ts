/** The values that prove control, byte for byte. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { newCertId } from '../../../src/dialects/racent/cert-id.ts';
import { accountValue, createProofs, proofsOf } from '../../../src/dialects/racent/proofs.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import type { AccountId } from '../../../src/domain/ids.ts';
import { decodePem } from '../../../src/pki/pem.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { createFakeRandomness } from '../../support/system.ts';

const pem = readFileSync(join(import.meta.dirname, '../../pki/fixtures/racent-check.csr'), 'utf8');
const csr = decodePem(pem, { what: 'csr', labels: ['CERTIFICATE REQUEST'] });
const context = { suffix: 'sectigo.com', publicSuffixes: createPublicSuffixes() };
const name = (text: string) => parseIdentifier(text, 'name');

const md5 = '3dcaf558fc83635631e5ddf7ae4e8fad';
const sha256 = '8c7ba9382efbdeb0bb214fd2176ec5017b8a6d4993c9426df2947cfd7b22eab8';
const target = '8c7ba9382efbdeb0bb214fd2176ec501.7b8a6d4993c9426df2947cfd7b22eab8.sectigo.com';
const path = `/.well-known/pki-validation/${md5.toUpperCase()}.txt`;
const content = `${sha256}\nsectigo.com`;

describe('what proves control', () => {
  test('is the check vector of the contract', () => {
    const proofs = createProofs(csr, '', context);
    assert.deepEqual(proofs.fieldsOf(name('a.example.com'), 'httpFile'), {
      DCVfileName: '3DCAF558FC83635631E5DDF7AE4E8FAD.txt',
      DCVfileContent: content,
      DCVfilePath: `http://a.example.com${path}`,
      DCVdnsHost: `_${md5}`,
      DCVdnsValue: target,
      DCVdnsType: 'CNAME',
    });
    assert.deepEqual(proofs.challengesFor(name('a.example.com'), 'request'), [
      { method: 'httpFile', binding: 'request', path, content },
      { method: 'httpsFile', binding: 'request', path, content },
      {
        method: 'dnsCname',
        binding: 'request',
        host: `_${md5}.a.example.com`,
        alternativeHosts: [`_${md5}.example.com`],
        target,
      },
      {
        method: 'dnsTxt',
        binding: 'request',
        host: `_${md5}.a.example.com`,
        alternativeHosts: [`_${md5}.example.com`],
        value: target,
      },
      {
        method: 'email',
        binding: 'server',
        addresses: [
          ...['admin', 'administrator', 'hostmaster', 'postmaster', 'webmaster'].map((box) => `${box}@example.com`),
          ...['admin', 'administrator', 'hostmaster', 'postmaster', 'webmaster'].map((box) => `${box}@a.example.com`),
        ],
      },
    ]);
  });

  test('has the unique value as third line of the file and before the suffix of the target', () => {
    const fields = createProofs(csr, 'Ab9', context).fieldsOf(name('a.example.com'), 'dnsCname');
    assert.equal(fields.DCVfileContent, `${content}\nAb9`);
    assert.equal(fields.DCVdnsValue, target.replace('.sectigo', '.ab9.sectigo'));
  });

  test('has a value of the account where the client sends none: of this server, this account and this CSR', () => {
    const [one, other] = ['acc_one', 'acc_other'] as [AccountId, AccountId];
    const secret = new Uint8Array(32).fill(1);
    const value = accountValue(secret, one, csr);
    assert.match(value, /^[0-9a-hjkmnp-tv-z]{20}$/);
    assert.equal(accountValue(secret, one, Buffer.from(csr)), value, 'always the same');
    const others = [
      accountValue(new Uint8Array(32).fill(2), one, csr),
      accountValue(secret, other, csr),
      accountValue(secret, one, csr.subarray(1)),
    ];
    assert.equal(new Set([value, ...others]).size, 4);
    const whole = { ...context, secret };
    const [bound, sent] = ['', value].map((uniqueValue) => proofsOf(csr, { accountId: one, uniqueValue }, whole));
    const at = name('a.example.com');
    assert.deepEqual(bound?.fieldsOf(at, 'dnsCname'), sent?.fieldsOf(at, 'dnsCname'));
    const bindings = (proofs: typeof bound) => new Set(proofs?.challengesFor(at).map(({ binding }) => binding));
    assert.deepEqual(bindings(bound), new Set(['account', 'server']));
    assert.deepEqual(bindings(sent), new Set(['request', 'server']), 'the same value, sent: whoever reads it can');
  });

  test('has the suffix of the configuration', () => {
    const fields = createProofs(csr, '', { ...context, suffix: 'dcv.example.org' }).fieldsOf(name('a.com'), 'dnsCname');
    assert.equal(fields.DCVfileContent, `${sha256}\ndcv.example.org`);
    assert.ok(fields.DCVdnsValue.endsWith('.dcv.example.org'));
  });

  test('is no file for a wildcard, and nothing but a file for an address', () => {
    const proofs = createProofs(csr, '', context);
    const methods = (text: string) => proofs.challengesFor(name(text), 'request').map(({ method }) => method);
    assert.deepEqual(methods('*.a.example.com'), ['dnsCname', 'dnsTxt', 'email']);
    assert.deepEqual(methods('192.0.2.1'), ['httpFile', 'httpsFile']);
    assert.equal(proofs.fieldsOf(name('*.a.example.com'), 'dnsCname').DCVfilePath, `http://a.example.com${path}`);
    const ofAddress = proofs.fieldsOf(name('2001:db8::1'), 'httpsFile');
    assert.equal(ofAddress.DCVfilePath, `https://[2001:db8::1]${path}`);
    assert.deepEqual([ofAddress.DCVdnsHost, ofAddress.DCVdnsValue, ofAddress.DCVdnsType], ['', '', '']);
  });

  test('says TXT where that was chosen, with the same value', () => {
    const fields = createProofs(csr, '', context).fieldsOf(name('a.example.com'), 'dnsTxt');
    assert.deepEqual([fields.DCVdnsType, fields.DCVdnsValue], ['TXT', target]);
  });
});

describe('a certId', () => {
  test('is the day in China and ten letters or digits', () => {
    const random = createFakeRandomness();
    const at = new Date('2026-01-12T16:00:00Z');
    const ids = Array.from({ length: 50 }, () => newCertId(at, random, '+08:00'));
    for (const id of ids) assert.match(id, /^260113[a-z0-9]{10}$/);
    assert.equal(new Set(ids).size, 50);
  });
});
