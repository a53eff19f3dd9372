/** Stands in for a front-door thread: it asks for an order twice, logs what it got, and dies when a new certificate comes. */
import { parentPort } from 'node:worker_threads';
import type { ThreadStart } from '../../src/boot/threads/front-thread.ts';
import { type FromThread, receive, send, type ToThread } from '../../src/boot/threads/messages.ts';
import { createKnownObjects } from '../../src/boot/threads/named-objects.ts';
import { createCaller } from '../../src/boot/threads/remote-ports.ts';

const core = parentPort;
if (core === null) throw new Error('this file is the code of a thread');
const tell = (message: FromThread) => send(core, message);
const objects = createKnownObjects();
const caller = createCaller(objects, (calls) => tell({ kind: 'calls', calls }));

core.on('message', (bytes: Uint8Array) => {
  const message = receive<ToThread<ThreadStart>>(bytes);
  switch (message.kind) {
    case 'start':
      void ask();
      return;
    case 'answers':
      caller.settle(message.answers);
      return;
    case 'object':
      tell({ kind: 'log', line: `sent ${message.name}` });
      objects.take(message);
      return;
    case 'tls':
      throw new Error('died of the test');
    case 'close':
      tell({ kind: 'closed' });
  }
});

async function ask(): Promise<void> {
  for (let n = 0; n < 2; n++) tell({ kind: 'log', line: JSON.stringify(await caller.call('orders', 'get', [])) });
  tell({ kind: 'listening' });
}
