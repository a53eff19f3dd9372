import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { awaitCertificate } from '../../src/quickstart/await-certificate.ts';
import type { OrderState } from '../../src/quickstart/customer.ts';
import { createFakeClock } from '../support/system.ts';

const names = ['a.example', '*.b.example'];
const certificate = { certificate: 'leaf', intermediates: 'intermediate' };
const processing = { status: 'enroll_caprocessing', verifiedNames: [] };

/** Polls an order that shows these states one after the other; the last one stays. */
async function poll(states: readonly OrderState[], signal = new AbortController().signal) {
  const clock = createFakeClock();
  const notes: string[] = [];
  let shown = 0;
  const readOrder = async () => states[Math.min(shown++, states.length - 1)] ?? processing;
  const waiting = awaitCertificate({
    customer: { readOrder },
    names,
    clock,
    signal,
    note: (text) => notes.push(text),
    patienceMs: 20_000,
  });
  waiting.catch(() => undefined);
  await clock.advance(60_000);
  return { waiting, notes };
}

describe('waiting for the certificate', () => {
  test('polls until it is there and tells what is still missing', async () => {
    const { waiting, notes } = await poll([
      processing,
      { ...processing, verifiedNames: ['a.example'] },
      { ...processing, verifiedNames: names },
      { status: 'issued_active', verifiedNames: names, certificate },
    ]);
    assert.deepEqual(await waiting, { ...certificate, status: 'issued_active', polls: 4 });
    assert.deepEqual(notes, [
      '0 of 2 names verified, checking a.example, *.b.example',
      '1 of 2 names verified, checking *.b.example',
      '2 of 2 names verified, being issued',
    ]);
  });

  const failures: readonly (readonly [string, OrderState, RegExp])[] = [
    [
      'an order that failed',
      { ...processing, status: 'rejected', failure: 'no' },
      /^Error: the order is rejected: no$/,
    ],
    [
      'an order that takes too long',
      { ...processing, problem: 'a.example answers with HTTP status 404' },
      /^Error: enroll_caprocessing after 20 s, 0 of 2 names verified, checking a\.example, \*\.b\.example; a\.example answers with HTTP status 404$/,
    ],
  ];
  for (const [what, state, message] of failures) {
    test(`ends with the reason for ${what}`, async () => {
      const { waiting } = await poll([state]);
      await assert.rejects(waiting, message);
    });
  }

  test('asks for a look at the proofs every few seconds, where the API can', async () => {
    const clock = createFakeClock();
    const beganAt = clock.monotonicMs();
    const askedAt: number[] = [];
    const isThere = () => clock.monotonicMs() - beganAt > 22_000;
    const waiting = awaitCertificate({
      customer: {
        readOrder: async () => (isThere() ? { status: 'issued', verifiedNames: names, certificate } : processing),
        recheck: async () => void askedAt.push((clock.monotonicMs() - beganAt) / 1000),
      },
      names,
      clock,
      signal: new AbortController().signal,
      note: () => undefined,
      patienceMs: 30_000,
    });
    await clock.advance(60_000);
    assert.equal((await waiting).status, 'issued');
    assert.deepEqual(askedAt, [10, 20]);
  });

  test('ends when it is interrupted', async () => {
    const { waiting } = await poll([processing], AbortSignal.abort(new Error('interrupted')));
    await assert.rejects(waiting, /interrupted/);
  });
});
