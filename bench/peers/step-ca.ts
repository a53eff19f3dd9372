/** step-ca with an intermediate of its own and the database that its setup chooses. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../test/support/server-process.ts';
import { makeCertificate } from './certificates.ts';
import type { Peer } from './peer.ts';
import { goProgram, runPeer } from './program.ts';

const version = 'v0.30.2';

export const stepCa: Peer = {
  name: 'step-ca',
  version,
  storage: 'Badger 2, every write synced',
  async start({ folder, resolver, httpPort }) {
    const program = await goProgram({ package: 'github.com/smallstep/certificates/cmd/step-ca', version });
    const root = await makeCertificate({ name: 'Bench Root', pathLength: 1 });
    const intermediate = await makeCertificate({ name: 'Bench Intermediate', issuer: root, pathLength: 0 });
    await writeFile(join(folder, 'root.pem'), root.certificatePem);
    await writeFile(join(folder, 'intermediate.pem'), intermediate.certificatePem);
    await writeFile(join(folder, 'intermediate.key'), intermediate.keyPem);
    const port = await freePort();
    const config = {
      root: join(folder, 'root.pem'),
      crt: join(folder, 'intermediate.pem'),
      key: join(folder, 'intermediate.key'),
      address: `127.0.0.1:${port}`,
      dnsNames: ['localhost'],
      db: { type: 'badgerv2', dataSource: join(folder, 'db') },
      authority: { provisioners: [{ type: 'ACME', name: 'acme' }] },
    };
    await writeFile(join(folder, 'ca.json'), JSON.stringify(config));
    return runPeer({
      program,
      args: ['ca.json', '--insecure', '--acme-http-port', String(httpPort), '--resolver', resolver],
      folder,
      directoryUrl: `https://localhost:${port}/acme/acme/directory`,
      roots: root.certificatePem,
    });
  },
};
