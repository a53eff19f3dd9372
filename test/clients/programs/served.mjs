/** What a web server of a client serves. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { address, httpsPort, roots } from './acme.mjs';

/** The certificate that is served for the name, once the CA's roots make it trusted; undefined as long as it is not. */
export function servedBy(name) {
  return new Promise((answer) => {
    const socket = connect({ host: address, port: Number(httpsPort), servername: name, ca: readFileSync(roots) });
    socket.once('secureConnect', () => {
      answer(socket.getPeerX509Certificate());
      socket.destroy();
    });
    socket.once('error', () => answer(undefined));
  });
}
