/** Stands in for a front-door thread: it says what it was told to serve with, and dies when a new certificate comes. */
import { parentPort } from 'node:worker_threads';
import type { ThreadStart } from '../../src/boot/threads/front-thread.ts';
import { type FromThread, receive, send, type ToThread } from '../../src/boot/threads/messages.ts';

const core = parentPort;
if (core === null) throw new Error('this file is the code of a thread');
const tell = (message: FromThread) => send(core, message);

core.on('message', (bytes: Uint8Array) => {
  const message = receive<ToThread<ThreadStart>>(bytes);
  if (message.kind === 'start') {
    tell({ kind: 'log', line: message.start.tls?.certificate ?? 'none' });
    tell({ kind: 'listening' });
  }
  if (message.kind === 'tls') throw new Error('died of the test');
  if (message.kind === 'close') tell({ kind: 'closed' });
});
