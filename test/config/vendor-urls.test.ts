/** The address of a vendor is taken in both forms that its documents have: with the path that all its calls begin with, and without. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { vendorSettings } from '../../src/boot/vendor-settings.ts';
import { isVendorSection } from '../../src/config/issuers.ts';
import { parseConfig } from '../../src/config/load.ts';
import { vendorKinds } from '../../src/config/vendor-section.ts';
import { vendorOf } from '../../src/dialects/registry.ts';
import type { Purchase, Upstream } from '../../src/domain/ports/upstream.ts';
import { createPublicSuffixes } from '../../src/system/index.ts';
import { createFakeClock } from '../support/system.ts';

async function settingsOf(kind: string, url: string, formerUrls: readonly string[] = []) {
  const credentials = Object.fromEntries(vendorOf(kind).credentials.map(({ name }) => [name, '100200']));
  const products = { 'tls-dv': kind === 'httpsok' ? 'google' : '1' };
  const text = JSON.stringify({ issuers: { v: { kind, url, formerUrls, credentials, products } } });
  const section = parseConfig(text, 'certmux.yaml').issuers.v;
  assert.ok(section !== undefined && isVendorSection(section));
  return vendorSettings('v', section);
}

/** Where its calls go. */
async function calledUrl(kind: string, url: string): Promise<string> {
  const { baseUrl, credentials } = await settingsOf(kind, url);
  const called: string[] = [];
  const upstream = vendorOf(kind).create({
    baseUrl,
    credentials,
    fetch: async (request) => {
      called.push(request.url);
      return Response.json({});
    },
    clock: createFakeClock('2026-06-01T12:00:00Z'),
    publicSuffixes: createPublicSuffixes(),
  });
  const reference = { order: '7' } as Parameters<Upstream['state']>[0];
  const { signal } = new AbortController();
  // Some have no list of products that could be asked for. What becomes of the reply is not of interest.
  await upstream.products(signal).catch(() => undefined);
  await upstream.state(reference, { names: [] } as unknown as Purchase, signal).catch(() => undefined);
  assert.ok(called.length > 0, `${kind} was not called`);
  return called[0] ?? '';
}

/** What documents and clients have as the address, and where a call goes. */
const rows: Readonly<Record<string, readonly [called: RegExp, ...urls: string[]]>> = {
  racent: [
    /^https:\/\/api\.example\.com\/ssl\/[a-z]+$/i,
    'https://api.example.com',
    'https://api.example.com/',
    'https://api.example.com/ssl',
    'https://api.example.com/ssl/',
  ],
  digicert: [
    /^https:\/\/api\.example\.com\/services\/v2\/[a-z]+/,
    'https://api.example.com',
    'https://api.example.com/services/v2',
    'https://api.example.com/services/v2/',
  ],
  httpsok: [
    /^https:\/\/api\.example\.com\/v1\/cert\//,
    'https://api.example.com',
    'https://api.example.com/v1',
    'https://api.example.com/v1//',
  ],
  // The contract has no path in front of those of the calls.
  encryption365: [
    /^https:\/\/api\.example\.com\/(client|account|cert)\//,
    'https://api.example.com',
    'https://api.example.com/',
  ],
  // Its address is that of the one call there is.
  wosign: [
    /^https:\/\/api\.example\.com\/acmapi$/,
    'https://api.example.com/acmapi',
    'https://api.example.com/acmapi/',
  ],
};

test('All vendors have a row.', () => assert.deepEqual(Object.keys(rows).toSorted(), vendorKinds.toSorted()));

for (const [kind, [called, ...urls]] of Object.entries(rows)) {
  describe(kind, () => {
    for (const url of urls) {
      test(`${url} is called where it is`, async () => assert.match(await calledUrl(kind, url), called));
    }

    test('below a path of a server of its own, and with the same path twice', async () => {
      const { callsPath } = vendorOf(kind);
      const below = await settingsOf(kind, `https://api.example.com/certmux${callsPath}`);
      assert.equal(below.baseUrl, 'https://api.example.com/certmux');
      if (callsPath === '') return;
      const twice = await settingsOf(kind, `https://api.example.com${callsPath}${callsPath}`);
      assert.equal(twice.baseUrl, `https://api.example.com${callsPath}`);
    });
  });
}

test('Orders that an earlier version noted with the path are still orders of this address, and so are those of former ones.', async () => {
  const { baseUrl, formerUrls } = await settingsOf('racent', 'https://new.example/ssl', ['https://old.example/ssl/']);
  assert.equal(baseUrl, 'https://new.example');
  assert.deepEqual(formerUrls, ['https://new.example/ssl', 'https://old.example', 'https://old.example/ssl']);
  const plain = await settingsOf('encryption365', 'https://new.example', ['https://old.example/']);
  assert.deepEqual([plain.baseUrl, plain.formerUrls], ['https://new.example', ['https://old.example']]);
});
