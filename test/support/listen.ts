/** Listens on loopback, by default on a free port, and returns the port. */
import type { Server } from 'node:net';

export interface Place {
  readonly address?: string;
  readonly port?: number;
}

export function listen(server: Server, { address = '127.0.0.1', port = 0 }: Place = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      const bound = server.address();
      if (bound === null || typeof bound === 'string') reject(new Error('the server has no port'));
      else resolve(bound.port);
    });
  });
}
