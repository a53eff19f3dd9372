/** Joins a port to the hub. */
import type { Hub } from './hub.ts';
import type { FromPage } from './protocol.ts';

export function connectPort(hub: Hub, port: MessagePort): void {
  const hear = hub.connect((message) => port.postMessage(message));
  port.onmessage = ({ data }: MessageEvent<FromPage>) => hear(data);
}
