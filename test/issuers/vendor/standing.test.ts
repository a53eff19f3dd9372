/** What an order in mode `standing` waits for, by what the vendor says when it is asked beforehand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpstreamRequest } from '../../../src/domain/ports/issuer.ts';
import type { StandingAnswer } from '../../../src/domain/ports/upstream.ts';
import { UpstreamFailure } from '../../../src/domain/upstream-failure.ts';
import type { VendorIssuerContext } from '../../../src/issuers/vendor/context.ts';
import { missingStanding } from '../../../src/issuers/vendor/standing.ts';

const request = {
  names: [],
  organization: null,
  ordered: { organizationNumber: null, productCode: 'ov' },
} as unknown as UpstreamRequest;

function waitFor(standing: () => Promise<StandingAnswer>) {
  const products = new Map([['ov', { code: 'ssl_basic', coverage: null }]]);
  const mapping = { products, otherProducts: null, organizations: new Map(), container: null };
  const context = { id: 'vendor', upstream: { standing }, mapping } as unknown as VendorIssuerContext;
  return missingStanding(context, request, new AbortController().signal);
}

const failing = (kind: UpstreamFailure['kind']) => async () => {
  throw new UpstreamFailure(kind, 'in its own words');
};

for (const [title, standing, expected] of [
  ['all of it stands', async () => ({ missing: [] }), undefined],
  [
    'a domain is not validated',
    async () => ({ missing: [{ what: 'a.example', words: 'pending' }] }),
    'vendorNotStanding',
  ],
  ['it does not take our credentials', failing('credentials'), 'vendorRefusesUs'],
  ['it does not answer', failing('away'), 'issuerUnavailable'],
  ['it has had too many calls', failing('limited'), 'issuerUnavailable'],
] as const) {
  test(title, async () => {
    const wait = await waitFor(standing);
    assert.deepEqual([wait?.reason.key, wait?.turn], [expected, expected === undefined ? undefined : 'operator']);
  });
}

test('a fault of ours is none of the vendor', async () => {
  await assert.rejects(
    waitFor(async () => {
      throw new TypeError('ours');
    }),
    TypeError,
  );
});
