/** What is the same in many answers crosses once to each thread, and is dropped there when the core has dropped it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deserialize, serialize, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createKnownObjects, createObjectNames, type NamesMessage } from '../../src/boot/threads/named-objects.ts';
import { createServedPorts } from '../../src/boot/threads/served-ports.ts';
import { markLasting } from '../../src/domain/lasting.ts';
import { until } from '../support/system.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const lasting = <T extends object>(object: T): T => {
  markLasting(object);
  return object;
};

/** The core and a thread, with what went from one to the other. */
function scene() {
  const sent: NamesMessage[] = [];
  const known = createKnownObjects();
  const names = createObjectNames((message) => {
    const arrived: NamesMessage = deserialize(serialize(message));
    sent.push(arrived);
    known.take(arrived);
  });
  const crossing = (answer: unknown) => known.restored(...(deserialize(serialize(names.of(answer))) as [unknown]));
  return { sent, names, crossing };
}

describe('an object that many answers hold', () => {
  it('crosses once, and is named afterwards', () => {
    const { sent, names, crossing } = scene();
    const product = lasting({ code: 'dv', prices: { fqdnMinor: 100 } });
    assert.deepEqual(crossing({ order: 1, product }), { order: 1, product });
    assert.deepEqual(crossing({ order: 2, product, now: new Date(0) }), { order: 2, product, now: new Date(0) });
    assert.deepEqual(sent, [{ kind: 'object', name: 1, object: product }]);
    assert.deepEqual(names.of({ order: 3, product }), [{ order: 3, product: undefined }, { product: 1 }]);
  });

  it('is another one once the core has read its row again', () => {
    const { sent, crossing } = scene();
    const before = { account: lasting({ id: 'acc_1', state: 'active' }) };
    const after = { account: lasting({ id: 'acc_1', state: 'suspended' }) };
    crossing(before);
    assert.deepEqual(crossing(after), after);
    // An answer that was made before the change and is sent after it says what it said.
    assert.deepEqual(crossing(before), before);
    assert.equal(sent.length, 2);
  });

  it('crosses with its answer where it does not last, and leaves the answer of the core as it is', () => {
    const { sent, crossing } = scene();
    const chain = lasting([new Uint8Array([1, 2])]);
    const view = { chain, certificate: { der: new Uint8Array([3]) } };
    assert.deepEqual(crossing(view), view);
    assert.equal(view.chain, chain);
    assert.equal(sent.length, 1);
    for (const plain of [undefined, null, 'text', 7, [chain], new Date(0)]) assert.deepEqual(crossing(plain), plain);
    assert.equal(sent.length, 1);
  });

  it('is sent to each thread', () => {
    const product = lasting({ code: 'dv' });
    for (const { sent, crossing } of [scene(), scene()]) {
      crossing({ product });
      assert.equal(sent.length, 1);
    }
  });

  it('is dropped by the thread when the core has dropped it', async () => {
    const { sent, crossing } = scene();
    const kept = lasting({ code: 'kept' });
    crossing({ product: kept });
    crossing({ product: lasting({ code: 'dropped' }) });
    const gone = () => sent.flatMap((message) => (message.kind === 'gone' ? message.names : []));
    await until(() => {
      collectGarbage();
      return gone().length > 0;
    }, 'the thread is told');
    assert.deepEqual(gone(), [2]);
    assert.deepEqual(crossing({ product: kept }), { product: kept });
  });
});

describe('an answer with an object that cannot cross', () => {
  it('is a fault of its own, and the others arrive', async () => {
    const known = createKnownObjects();
    const names = createObjectNames((message) => known.take(deserialize(serialize(message))));
    const product = lasting({ code: 'dv' });
    const answers: unknown[] = [];
    const perform = createServedPorts(
      async (_, method) => ({ product: method === 'good' ? product : lasting({ live: () => undefined }) }),
      names,
      (all) => {
        answers.push(...all.map(([number, isRefused, value]) => [number, isRefused || value]));
      },
    );
    perform([
      [1, 'orders', 'bad', []],
      [2, 'orders', 'good', []],
    ]);
    await until(() => answers.length === 2, 'both are answered');
    assert.deepEqual(
      new Map(answers as [number, unknown][]),
      new Map<number, unknown>([
        [1, true],
        [2, { product: undefined }],
      ]),
    );
  });
});
