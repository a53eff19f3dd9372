/** Pebble, the test server of Let's Encrypt's makers, without its pauses and without its refusals of good nonces. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../test/support/server-process.ts';
import { writeOwnCertificate } from './certificates.ts';
import type { AcmePeer } from './peer.ts';
import { goProgram, runProgram } from './program.ts';

const version = 'v2.10.3';

export const pebble: AcmePeer = {
  name: 'Pebble',
  version,
  storage: 'memory only',
  async start({ folder, resolver, httpPort }) {
    const program = await goProgram({ package: 'github.com/letsencrypt/pebble/v2/cmd/pebble', version });
    const { certificateFile, keyFile, tlsRoots } = await writeOwnCertificate(folder);
    const address = `127.0.0.1:${await freePort()}`;
    const config = {
      listenAddress: address,
      managementListenAddress: `127.0.0.1:${await freePort()}`,
      certificate: certificateFile,
      privateKey: keyFile,
      httpPort,
      tlsPort: 443,
      ocspResponderURL: '',
      keyAlgorithm: 'ecdsa',
      profiles: { default: { description: 'the only one', validityPeriod: 7_776_000 } },
    };
    await writeFile(join(folder, 'pebble.json'), JSON.stringify({ pebble: config }));
    const directoryUrl = `https://localhost:${address.split(':')[1]}/dir`;
    const running = await runProgram({
      program,
      args: ['-config', 'pebble.json', '-dnsserver', resolver],
      folder,
      environment: { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0', PEBBLE_AUTHZREUSE: '0' },
      readyUrl: directoryUrl,
      tlsRoots,
    });
    return { ...running, directoryUrl, roots: tlsRoots };
  },
};
