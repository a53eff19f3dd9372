/** certmux as it is installed, with its own CA, over TLS. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { freePort, operatorToken, startServerProcess } from '../../test/support/server-process.ts';
import { createAcmeKey } from '../customers/acme.ts';
import { fetchRequest } from '../customers/customer.ts';
import { makeCertificate } from './certificates.ts';
import type { Peer } from './peer.ts';

const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));

export const certmux: Peer = {
  name: 'certmux',
  version,
  storage: 'SQLite, every transaction synced',
  async start({ folder, resolver, httpPort, nodeOptions }) {
    const own = await makeCertificate({ name: 'localhost' });
    const tls = { certificateFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
    await writeFile(tls.certificateFile, own.certificatePem);
    await writeFile(tls.keyFile, own.keyPem);
    const port = await freePort();
    const secureUrl = `https://localhost:${await freePort()}`;
    const url = `http://127.0.0.1:${port}`;
    const server = await startServerProcess({
      directory: folder,
      port,
      nodeOptions,
      config: {
        listen: [url, secureUrl],
        publicUrl: secureUrl,
        tls,
        dns: { resolvers: [resolver] },
        validation: { httpPort, dangerAllowAddresses: ['127.0.0.0/8'] },
      },
    });
    const operator = createNativeClient({ baseUrl: url, token: await operatorToken(folder), fetch: fetchRequest });
    const { directoryUrl, externalKey } = await createAcmeKey(operator);
    return {
      directoryUrl,
      externalKey,
      roots: own.certificatePem,
      pid: server.child.pid,
      async stop() {
        await server.stop();
      },
    };
  },
};
