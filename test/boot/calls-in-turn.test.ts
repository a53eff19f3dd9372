/** Calls that front-door threads send to the core: each waits for its account's turn there. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { performInTurn } from '../../src/boot/threads/served-ports.ts';

const caller = (account: string) => ({ scope: account, isActingFor: false, actor: 'crd_1' });

function scene() {
  const waiting: { readonly owner: string; readonly cost: number; readonly begin: () => void }[] = [];
  let ended = 0;
  const performed: string[] = [];
  const perform = performInTurn(
    async (port, method) => {
      performed.push(`${port}.${method}`);
    },
    {
      waitFor: (owner, cost) =>
        new Promise((resolve) => waiting.push({ owner, cost, begin: () => resolve({ end: () => ended++ }) })),
    },
  );
  return { waiting, performed, perform, ended: () => ended };
}

describe('a call of a front-door thread', () => {
  it('is performed when it is the turn of its account', async () => {
    const { waiting, performed, perform, ended } = scene();
    const done = perform('orders', 'find', [caller('acc_1'), { id: 'ord_1' }]);
    await setImmediate();
    assert.deepEqual(performed, []);
    assert.equal(waiting[0]?.owner, 'acc_1');
    waiting[0]?.begin();
    await done;
    assert.deepEqual(performed, ['orders.find']);
    assert.equal(ended(), 1);
  });

  it('waits for nobody where it is to find out who calls', async () => {
    const { performed, perform } = scene();
    await perform('signIn', 'authenticate', [{ dialect: 'native' }, { address: '192.0.2.1' }]);
    assert.deepEqual(performed, ['signIn.authenticate']);
  });

  it('is of the operator who acts for an account', () => {
    const { waiting, perform } = scene();
    void perform('orders', 'find', [{ scope: 'acc_1', isActingFor: true, actor: 'usr_1' }]);
    void perform('orders', 'find', [{ scope: 'all', isActingFor: false, actor: 'usr_2' }]);
    assert.deepEqual(
      waiting.map(({ owner }) => owner),
      ['usr_1', 'usr_2'],
    );
  });

  it('costs more the more names it is about', () => {
    const { waiting, perform } = scene();
    void perform('orders', 'find', [caller('acc_1')]);
    void perform('orders', 'place', [caller('acc_1'), { names: Array.from({ length: 40 }) }]);
    const [find = Number.NaN, place = Number.NaN] = waiting.map(({ cost }) => cost);
    assert.ok(place > 10 * find, `${find} ${place}`);
  });
});
