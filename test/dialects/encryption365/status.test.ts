import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encryption365 } from '../../../src/dialects/encryption365/index.ts';
import { certStatus } from '../../../src/dialects/encryption365/status.ts';
import type { CrlIssuer } from '../../../src/domain/ports/issuer.ts';
import type { IssuanceState, OrderState } from '../../../src/domain/states.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { intermediate, root } from '../../support/fake-chain.ts';
import { openFrontDoor } from '../../support/front-door.ts';
import {
  baseUrl,
  createIssuedSession,
  createSession,
  credentials,
  firstNumber,
  orderBody,
  type Reply,
} from './harness.ts';

type Held = 'none' | 'valid' | 'revoked' | 'expired';

describe('cert_status', () => {
  const rows: readonly [OrderState, IssuanceState, Held, string][] = [
    ['open', 'awaitingApproval', 'none', 'enroll_caprocessing'],
    ['open', 'awaitingValidation', 'none', 'enroll_caprocessing'],
    ['open', 'ready', 'none', 'enroll_caprocessing'],
    ['open', 'issuing', 'none', 'enroll_caprocessing'],
    ['active', 'issued', 'valid', 'issued_active'],
    ['active', 'awaitingValidation', 'none', 'enroll_caprocessing'], // a reissue
    ['active', 'issuing', 'none', 'enroll_caprocessing'],
    ['active', 'failed', 'none', 'rejected'],
    ['active', 'cancelled', 'none', 'cancelled'],
    ['active', 'issued', 'revoked', 'revoked'],
    ['active', 'issued', 'expired', 'expired'],
    ['failed', 'failed', 'none', 'rejected'],
    ['rejected', 'cancelled', 'none', 'rejected'],
    ['cancelled', 'cancelled', 'none', 'cancelled'],
    ['revoked', 'issued', 'revoked', 'revoked'],
    ['revoked', 'issued', 'expired', 'revoked'],
    ['ended', 'issued', 'expired', 'expired'],
  ];
  for (const [state, issuanceState, held, expected] of rows) {
    test(`of an order ${state}, issuance ${issuanceState}, certificate ${held} is ${expected}`, async () => {
      const { order } = await createIssuedSession();
      const view = await order();
      assert.ok(view.certificate);
      const certificate =
        held === 'none'
          ? null
          : {
              ...view.certificate,
              state: held === 'revoked' ? ('revoked' as const) : ('valid' as const),
              notAfter: held === 'expired' ? view.now : view.certificate.notAfter,
            };
      const issuance = { ...view.issuance, state: issuanceState };
      assert.equal(certStatus({ ...view, order: { ...view.order, state }, issuance, certificate }), expected);
    });
  }

  test('of a failed order comes with the reason, in the reader language', async () => {
    const session = await createSession({ works: false });
    await session.post('/cert/create', orderBody());
    const app = await session.app.restart({ afterSeconds: 31 * 86_400 });
    await app.idle();
    const server = openFrontDoor(app, encryption365, { publicUrl: baseUrl });
    const body = JSON.stringify({ ...credentials, trustocean_id: firstNumber });
    const request = new Request(`${baseUrl}/cert/details`, { method: 'POST', body });
    const response = await server.fetch(request, { address: '192.0.2.7', requestId: 'req-2' });
    const details = (await response.json()) as Reply;
    await app.close();
    assert.deepEqual(
      [details.result, details.cert_status, details.message],
      ['success', 'rejected', '30 天内未完成对 trustocean.com 的验证'],
    );
  });
});

/** The embedded issuer, when it hands back this chain instead of that of its authority. */
function sending(chain: readonly Uint8Array[] | null, embedded: CrlIssuer): CrlIssuer {
  return {
    ...embedded,
    async sign(...request) {
      const outcome = await embedded.sign(...request);
      return outcome.kind === 'issued' ? { ...outcome, chain } : outcome;
    },
  };
}

describe('ca_code', () => {
  const rows: readonly [string, readonly Uint8Array[] | null, readonly Uint8Array[]][] = [
    ['of our own chain is the intermediate', null, []],
    ['of an upstream that sent its root is the intermediate', [intermediate, root], [intermediate]],
    ['of an upstream that left its root out is the intermediate', [intermediate], [intermediate]],
    ['of an upstream that sent nothing is empty', [], []],
  ];
  for (const [title, upstreamChain, shown] of rows) {
    test(title, async () => {
      const { post, order } = await createIssuedSession({}, { issuer: (embedded) => sending(upstreamChain, embedded) });
      const { chain } = await order();
      const expected = upstreamChain === null ? chain.slice(0, 1) : shown;
      assert.equal(chain.length, upstreamChain?.length ?? 2);
      const details = await post('/cert/details', { trustocean_id: firstNumber });
      assert.equal(details.ca_code, expected.map((der) => encodePem('CERTIFICATE', der)).join(''));
    });
  }
});
