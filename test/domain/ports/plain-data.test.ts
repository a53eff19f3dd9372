/**
 * What front doors say to the core and hear from it is data. The types are checked by the compiler: a function, a signal, a
 * stream or an instance of a class in any method of any port does not compile here.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CertError, reason, refuse, renderReason } from '../../../src/domain/errors.ts';
import type { ReasonKey, ReasonParams } from '../../../src/domain/messages/index.ts';
import type { Ports } from '../../../src/domain/ports/index.ts';
import { portsByMessage } from '../../support/by-message.ts';

// biome-ignore lint/suspicious/noConfusingVoidType: what a method answers that answers nothing
type Scalar = string | number | boolean | null | undefined | void;

/** Whether it is data all the way down; `Leaf`: beside scalars. What only a dialect reads is `unknown`, and data by the wrapper. */
type IsData<T, Leaf> = unknown extends T
  ? true
  : T extends Scalar | Leaf
    ? true
    : T extends (...args: never) => unknown
      ? false
      : T extends readonly (infer Item)[]
        ? IsData<Item, Leaf>
        : T extends object
          ? { [K in keyof T]-?: IsData<T[K], Leaf> }[keyof T]
          : false;

type Method = (...args: never) => unknown;
type Said<M> = M extends (...args: infer Args) => infer Answer ? Args | [Awaited<Answer>] : never;

/** The methods of a port that carry something else. */
type Faults<Port> = {
  [K in keyof Port]: Port[K] extends Method ? (false extends IsData<Said<Port[K]>, Date | Uint8Array> ? K : never) : K;
}[keyof Port];

/** By port: a name here is a method that does not carry plain data. */
type PortFaults = { readonly [P in keyof Ports]: [Faults<Ports[P]>] extends [never] ? 'data' : Faults<Ports[P]> };

/** Reasons whose parameters do not survive JSON. */
type ReasonFaults = { [K in ReasonKey]: false extends IsData<ReasonParams<K>, never> ? K : never }[ReasonKey];

describe('the ports of front doors', () => {
  it('carry data only', () => {
    const noFault: [PortFaults[keyof Ports]] extends ['data'] ? true : PortFaults = true;
    const noReason: [ReasonFaults] extends [never] ? true : ReasonFaults = true;
    assert.deepEqual([noFault, noReason], [true, true]);
    // The check itself: it sees what it is to see.
    const seen: readonly [
      IsData<{ readonly at: Date; readonly names: readonly string[] }, Date>,
      IsData<{ readonly then: () => void }, Date>,
      IsData<readonly [{ readonly signal: AbortSignal }], Date>,
      IsData<{ readonly at: Date }, never>,
    ] = [true, false, false, false];
    assert.equal(seen.length, 4);
  });

  it('are called through a structured clone in every test: what is no data fails there', async () => {
    let heard: unknown;
    const echo = { show: async (token: unknown) => (heard = token), decide: async () => () => 'late' };
    const { confirmations } = portsByMessage({ confirmations: echo } as unknown as Ports);
    const sent = { at: new Date(0), der: new Uint8Array([1]) };
    const answer: unknown = await confirmations.show(sent as never);
    assert.deepEqual(heard, sent);
    assert.deepEqual(answer, sent);
    assert.notEqual(heard, sent, 'a copy');
    const clone = { name: 'DataCloneError' };
    await assert.rejects(confirmations.show((() => 'token') as never), clone);
    await assert.rejects(confirmations.show({ signal: new ReadableStream() } as never), clone);
    await assert.rejects(confirmations.decide('token', 'confirm', { address: '', requestId: '' }), clone);
  });

  it('refuse with a reason that says the same on the other side', async () => {
    const refusal = refuse('fieldInvalid', { field: 'url', value: '"x"', expected: { en: 'a URL', zh: '网址' } });
    const failing = {
      show: async () => Promise.reject(refusal),
      decide: async () => Promise.reject(new Error('broken')),
    };
    const { confirmations } = portsByMessage({ confirmations: failing } as unknown as Ports);
    const thrown = await confirmations.show('t').catch((error: unknown) => error);
    assert.ok(thrown instanceof CertError && thrown !== refusal);
    assert.deepEqual([thrown.code, thrown.reason, thrown.message], [refusal.code, refusal.reason, refusal.message]);
    const { reason: kept } = JSON.parse(JSON.stringify({ reason: refusal.reason }));
    for (const language of ['en', 'zh'] as const) {
      assert.equal(renderReason(kept, language), renderReason(refusal.reason, language));
    }
    const origin = { address: '', requestId: '' };
    await assert.rejects(confirmations.decide('t', 'confirm', origin), { reason: reason('internal', {}) });
  });
});
