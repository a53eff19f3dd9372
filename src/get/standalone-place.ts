/** A web server of our own, for as long as the proofs are looked for: for machines on which none runs yet. */
import { createServer } from 'node:http';
import { CommandFailure } from '../cli/failure.ts';
import type { Words } from '../cli/get-words.ts';
import type { ProofPlace } from './proof-place.ts';
import { codeOf, detailOf } from './webroot-place.ts';

export function createStandalonePlace(port: number, words: Words): ProofPlace {
  const files = new Map<string, string>();
  const server = createServer((request, response) => {
    const content = files.get((request.url ?? '').split('?')[0] ?? '');
    const isGet = request.method === 'GET' || request.method === 'HEAD';
    response.writeHead(content === undefined || !isGet ? 404 : 200, {
      'content-type': 'text/plain; charset=utf-8',
      connection: 'close',
    });
    response.end(isGet ? content : undefined);
  });
  // Whoever connects and says nothing would keep the port.
  server.requestTimeout = 10_000;

  return {
    open: () =>
      new Promise((resolve, reject) => {
        server.once('error', (cause) => reject(new CommandFailure('usage', adviceOf(cause, port, words))));
        server.listen(port, () => {
          server.removeAllListeners('error');
          server.on('error', () => undefined);
          resolve();
        });
      }),

    // The process that is gone serves nothing.
    noteOf: () => undefined,

    async place(proof) {
      if (proof.kind !== 'file') throw new TypeError('a web server holds files only');
      files.set(proof.path, proof.content);
      return `http://…:${port}${proof.path}`;
    },

    remove: async () => undefined,

    close: () =>
      new Promise((resolve) => {
        if (!server.listening) {
          resolve();
          return;
        }
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function adviceOf(cause: Error, port: number, words: Words) {
  if (codeOf(cause) === 'EADDRINUSE') return words.portTaken(port);
  if (codeOf(cause) === 'EACCES') return words.portForbidden(port);
  return words.portFailed(port, detailOf(cause));
}
