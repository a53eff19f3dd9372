/** The way to the hub: in the worker of all pages, or in this page where the browser has no such workers. */

import { connectPort } from './connect-port.ts';
import { followStream } from './follow-stream.ts';
import { createHub } from './hub.ts';

export function openPort(): MessagePort {
  if (typeof SharedWorker === 'function') {
    const worker = new SharedWorker(new URL('./stream-worker.ts', import.meta.url), {
      type: 'module',
      name: 'certmux',
    });
    return worker.port;
  }
  const { port1, port2 } = new MessageChannel();
  connectPort(createHub({ follow: followStream }), port2);
  return port1;
}
