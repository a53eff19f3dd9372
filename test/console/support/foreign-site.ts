/** A page of somebody else on this machine: another port, so that the browser counts it to the same site and sends it every cookie. */
import { once } from 'node:events';
import { createServer } from 'node:http';

export interface ForeignSite {
  readonly url: string;
  /** What its page is. */
  show(html: string): void;
  close(): Promise<void>;
}

export async function startForeignSite(): Promise<ForeignSite> {
  let html = '';
  const server = createServer((_, outgoing) => outgoing.setHeader('content-type', 'text/html').end(html));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the site has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    show(page) {
      html = `<!doctype html><title>elsewhere</title>${page}`;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
