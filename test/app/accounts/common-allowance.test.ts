/** What one node has counted against a limit counts on the others. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createCommonAllowance } from '../../../src/app/common-allowance.ts';
import type { NodeSignal, NodeSignals } from '../../../src/domain/ports/stores/index.ts';
import { createFakeClock } from '../../support/system.ts';

type Receiver = (signal: NodeSignal) => void;

/** Nodes that hear each other at once. */
function joined(count: number): readonly NodeSignals[] {
  const receivers = Array.from({ length: count }, (): Receiver[] => []);
  return receivers.map((own) => ({
    send(signal) {
      for (const others of receivers) if (others !== own) for (const receiver of others) receiver(signal);
    },
    receive: (receiver) => own.push(receiver),
  }));
}

const clock = createFakeClock();
const rate = { burst: 3, everyMs: 1000, maxKeys: 100 };

it('A limit holds over all nodes together, for each key and each limit by itself', () => {
  const nodes = joined(3);
  const tries = nodes.map((signals) => createCommonAllowance({ clock, signals }, 'tries', rate));
  const others = nodes.map((signals) => createCommonAllowance({ clock, signals }, 'others', rate));
  assert.deepEqual(
    tries.map((node) => node.tryTake('a')),
    [0, 0, 0],
  );
  // What is refused is not counted.
  assert.deepEqual(
    tries.map((node) => node.tryTake('a')),
    [1000, 1000, 1000],
  );
  assert.deepEqual([tries[0]?.waitMs('b'), others[0]?.waitMs('a')], [0, 0]);
  tries[1]?.giveBack('a');
  assert.deepEqual(
    tries.map((node) => node.waitMs('a')),
    [0, 0, 0],
  );
  tries[2]?.forget('a');
  tries[0]?.take('a');
  tries[0]?.take('a');
  assert.equal(tries[1]?.tryTake('a'), 0);
  assert.equal(tries[2]?.tryTake('a'), 1000);
});

it('Others hear a digest of the key, whatever a stranger calls a user', () => {
  const heard: NodeSignal[] = [];
  const signals: NodeSignals = { send: (signal) => heard.push(signal), receive() {} };
  createCommonAllowance({ clock, signals }, 'tries', rate).take(`a name ${'of any length '.repeat(1000)}`);
  const [signal] = heard;
  assert.ok(signal?.kind === 'counted');
  assert.match(signal.count.key, /^[\w-]{22}$/);
});
