/** cfssl: its signer behind HTTP, with certificates in SQLite, and without a place for them as a reference. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { freePort } from '../../test/support/server-process.ts';
import { csrAt, customerOf, type Supply, unexpected, valueIn } from '../customers/customer.ts';
import { type OwnAuthority, writeOwnAuthority, writeOwnCertificate } from './certificates.ts';
import { lifetime, type SigningCustomer, type SigningPeer } from './peer.ts';
import { goModuleFolder, goProgram, runProgram } from './program.ts';

const module = 'github.com/cloudflare/cfssl';
const version = 'v1.6.5';

export const cfssl = createPeer({ storage: 'SQLite, WAL, synchronous=FULL: fsync of the log', isStored: true });

export const cfsslWithoutStorage = createPeer({ storage: 'nothing: a reference, not a choice', isStored: false });

function createPeer({ storage, isStored }: { readonly storage: string; readonly isStored: boolean }): SigningPeer {
  return {
    name: isStored ? 'cfssl' : 'cfssl, no storage',
    version,
    storage,
    signsAgain: true,
    async prepare(folder, protocol) {
      const program = await goProgram({ package: `${module}/cmd/cfssl`, version, hasC: true });
      const own = await writeOwnCertificate(folder);
      const authority = await writeOwnAuthority(folder);
      const usages = ['digital signature', 'server auth'];
      await writeFile(
        join(folder, 'config.json'),
        JSON.stringify({ signing: { default: { expiry: lifetime, usages } } }),
      );
      const database = join(folder, 'certs.db');
      if (isStored) await makeDatabase(database, folder);
      const port = await freePort();
      const url = `${protocol}://localhost:${port}`;
      const options = {
        address: '127.0.0.1',
        port,
        ca: authority.intermediateFile,
        'ca-key': authority.intermediateKeyFile,
        config: 'config.json',
        ...(protocol === 'https' ? { 'tls-cert': own.certificateFile, 'tls-key': own.keyFile } : {}),
        // A line for each certificate would be work that the others do not do.
        loglevel: 3,
        ...(isStored ? { 'db-config': 'database.json' } : {}),
      };
      const args = ['serve', ...Object.entries(options).map(([name, value]) => `-${name}=${value}`)];
      const { tlsRoots } = own;
      return {
        async start() {
          const readyUrl = `${url}/api/v1/cfssl/health`;
          const running = await runProgram({ program, args, folder, readyUrl, tlsRoots });
          return {
            ...running,
            urls: [url],
            tlsRoots,
            pids: [running.pid],
            enter: async (supply) => createCfsslCustomer(authority, supply),
          };
        },
        async count() {
          if (!isStored) return 'nothing';
          const reader = new DatabaseSync(database, { readOnly: true });
          const counted = Number(reader.prepare('select count(*) as n from certificates').get()?.n);
          reader.close();
          return { certificates: counted, rows: counted };
        },
        close: async () => {},
      };
    },
  };
}

export function createCfsslCustomer(
  authority: Pick<OwnAuthority, 'root' | 'intermediate'>,
  supply: Supply,
): SigningCustomer {
  return {
    ...customerOf({
      calls: 1,
      order: (index) => ({
        method: 'POST',
        path: '/api/v1/cfssl/sign',
        body: JSON.stringify({ certificate_request: csrAt(supply, index) }),
      }),
      next(text) {
        const reply: unknown = JSON.parse(text);
        if (valueIn(reply, 'success') !== true) throw unexpected(text);
        if (typeof valueIn(reply, 'result', 'certificate') !== 'string') throw unexpected(text);
        return 'issued';
      },
    }),
    authorities: { roots: authority.root.certificatePem, intermediates: authority.intermediate.certificatePem },
    certificateIn: (reply) => String(valueIn(JSON.parse(reply), 'result', 'certificate')),
  };
}

/** Its tables are in its sources, as migrations of a tool of their own. */
async function makeDatabase(path: string, folder: string): Promise<void> {
  const migrations = join(await goModuleFolder(module, version), 'certdb', 'sqlite', 'migrations');
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal');
  for (const name of (await readdir(migrations)).toSorted()) {
    const [up = ''] = (await readFile(join(migrations, name), 'utf8')).split('-- +goose Down');
    database.exec(up);
  }
  database.close();
  const source = `file:${path}?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=10000`;
  await writeFile(join(folder, 'database.json'), JSON.stringify({ driver: 'sqlite3', data_source: source }));
}
