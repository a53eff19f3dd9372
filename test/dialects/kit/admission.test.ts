/** Who may go on with a request: those who heed refusals. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAdmission, ownerOf, ownerUnknown } from '../../../src/dialects/kit/admission.ts';
import { CertError, refuse } from '../../../src/domain/errors.ts';
import { createAllowanceMemory, openSharedAllowances } from '../../../src/system/index.ts';
import { createFakeClock, createFakeRandomness } from '../../support/system.ts';

function scene() {
  const clock = createFakeClock();
  const memory = createAllowanceMemory(createFakeRandomness(3));
  const costs: number[] = [];
  const turns = {
    waitFor(_: string, cost: number) {
      costs.push(cost);
      return { end() {} };
    },
  };
  /** Of one thread. */
  const open = () => createAdmission({ turns, allowances: openSharedAllowances(memory, clock) });
  return { clock, costs, open };
}

const request = new Request('http://test/');
const full = refuse('tooManyPendingOrders', { pending: 9, limit: 9 });
const early = (thrown: unknown) =>
  thrown instanceof CertError && thrown.code === 'rateLimited' && thrown.reason.key === 'tooManyRefusals';

describe('whoever goes on after a limit has refused them', () => {
  it('is refused before anything of the request is read, until they pause', async () => {
    const { clock, open } = scene();
    const admission = open();
    for (let n = 0; n < 50; n++) {
      admission.admit('one', request);
      admission.noteRefusal('one', full);
    }
    assert.throws(() => admission.admit('one', request), early);
    admission.admit('other', request);
    await clock.advance(1000);
    admission.admit('one', request);
    admission.noteRefusal('one', full);
    assert.throws(() => admission.admit('one', request), early);
  });

  it('is not refused for longer by being refused', async () => {
    const { clock, open } = scene();
    const admission = open();
    for (let n = 0; n < 50; n++) admission.noteRefusal('one', full);
    for (let n = 0; n < 1000; n++) admission.noteRefusal('one', refuse('tooManyRefusals', { retryAfterSeconds: 1 }));
    await clock.advance(1000);
    admission.admit('one', request);
  });

  it('has one account for all threads', () => {
    const { open } = scene();
    const [first, second] = [open(), open()];
    for (let n = 0; n < 49; n++) first.noteRefusal('one', full);
    second.noteRefusal('one', full);
    assert.throws(() => first.admit('one', request), early);
    assert.throws(() => second.admit('one', request), early);
  });

  it('is no poll that is answered with an error', () => {
    const admission = scene().open();
    const poll = refuse('wrongState', { what: 'order', value: '1', state: 'open', needed: 'active' });
    for (let n = 0; n < 1000; n++) admission.noteRefusal('one', poll);
    admission.admit('one', request);
  });
});

describe('what a request costs', () => {
  const rows: readonly [what: string, init: RequestInit, cost: number][] = [
    ['a reading', {}, 0.2],
    ['2 KiB', { method: 'POST', body: 'x', headers: { 'content-length': '2048' } }, 2.2],
    ['nothing announced', { method: 'POST', body: 'x', headers: { 'transfer-encoding': 'chunked' } }, 8.2],
    ['no length', { method: 'POST', body: 'x', headers: { 'content-length': 'many' } }, 0.2],
    [
      'a length that the reader refuses',
      { method: 'POST', body: 'x', headers: { 'content-length': '9'.repeat(20) } },
      256.2,
    ],
  ];
  for (const [what, init, cost] of rows) {
    it(`${what}: ${cost}`, () => {
      const { costs, open } = scene();
      open().admit('one', new Request('http://test/', init));
      assert.deepEqual(costs, [cost]);
    });
  }
});

describe('the owner of a request', () => {
  const caller = {
    dialect: 'test',
    seesAllDialects: false,
    isActingFor: false,
    credentialId: null,
    roles: [],
    address: '192.0.2.7',
    requestId: 'req-1',
  } as const;
  it('is the account', () => {
    assert.equal(ownerOf({ ...caller, scope: 'acc_1', actor: 'crd_1' } as never), 'acc_1');
  });
  it('is an operator, also where they act for an account', () => {
    assert.equal(ownerOf({ ...caller, scope: 'all', actor: 'usr_1' } as never), 'usr_1');
    assert.equal(ownerOf({ ...caller, scope: 'acc_1', isActingFor: true, actor: 'usr_1' } as never), 'usr_1');
  });
  it('is the network of somebody who is not known', () => {
    assert.equal(ownerUnknown({ address: '192.0.2.7', requestId: '' }), '192.0.2.7');
    assert.equal(ownerUnknown({ address: '2001:db8::1', requestId: '' }), '2001:db8:0:0::/64');
  });
});
