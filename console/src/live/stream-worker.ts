/**
 * The worker that all pages of a browser share: browsers open six connections to a server at most over HTTP/1.1, so that a stream for each
 * page would leave none for its calls.
 */
import { connectPort } from './connect-port.ts';
import { followStream } from './follow-stream.ts';
import { createHub } from './hub.ts';

const hub = createHub({ follow: followStream });

// In a shared worker: the types are those of pages, which have no such event.
addEventListener('connect', (event) => {
  if (!(event instanceof MessageEvent)) return;
  const [port] = event.ports;
  if (port !== undefined) connectPort(hub, port);
});
