/** step-ca with an intermediate of its own and the database that its setup chooses. It speaks TLS only. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createJwsKey, type JwsKey } from '../../src/pki/jws-writer.ts';
import { generateKey } from '../../src/pki/key.ts';
import { freePort } from '../../test/support/server-process.ts';
import { benchNames, csrAt, customerOf, type Supply, unexpected, valueIn } from '../customers/customer.ts';
import { countKeys } from './badger.ts';
import { type OwnAuthority, writeOwnAuthority } from './certificates.ts';
import { type AcmePeer, lifetime, type SigningCustomer, type SigningPeer } from './peer.ts';
import { goProgram, runProgram } from './program.ts';

const described = {
  name: 'step-ca',
  version: 'v0.30.2',
  storage: 'Badger 2, SyncWrites (its default): a log opened with O_DSYNC',
} as const;
const program = { package: 'github.com/smallstep/certificates/cmd/step-ca', version: described.version };

export const stepCa: AcmePeer = {
  ...described,
  async start({ folder, resolver, httpPort }) {
    const { file, args, url, authority } = await configure(folder, { type: 'ACME', name: 'acme' });
    const directoryUrl = `${url}/acme/acme/directory`;
    const running = await runProgram({
      program: file,
      args: [...args, '--acme-http-port', String(httpPort), '--resolver', resolver],
      folder,
      readyUrl: directoryUrl,
      tlsRoots: authority.root.certificatePem,
    });
    return { ...running, directoryUrl, roots: authority.root.certificatePem };
  },
};

/** The kind of provisioner that its setup makes: every request comes with a token signed by its key, which is used once. */
const provisioner = 'bench';

export const stepCaSign: SigningPeer = {
  ...described,
  signsAgain: false,
  async prepare(folder) {
    const key = createJwsKey((await generateKey({ type: 'ec', curve: 'P-256' })).privateKeyPkcs8);
    const { file, args, url, authority } = await configure(folder, {
      type: 'JWK',
      name: provisioner,
      key: { ...key.jwk, kid: key.thumbprint, use: 'sig', alg: 'ES256' },
      claims: { maxTLSCertDuration: lifetime, defaultTLSCertDuration: lifetime },
    });
    const tlsRoots = authority.root.certificatePem;
    return {
      async start() {
        const running = await runProgram({ program: file, args, folder, readyUrl: `${url}/health`, tlsRoots });
        return {
          ...running,
          urls: [url],
          tlsRoots,
          pids: [running.pid],
          enter: async (supply) => createStepCustomer({ url, key, authority, supply }),
        };
      },
      async count() {
        const counts = await countKeys(join(folder, 'db'));
        const rows = [...counts.values()].reduce((sum, each) => sum + each, 0);
        return { certificates: counts.get('x509_certs') ?? 0, rows };
      },
      close: async () => {},
    };
  },
};

export interface StepCustomer {
  readonly url: string;
  /** The provisioner's. */
  readonly key: JwsKey;
  readonly authority: Pick<OwnAuthority, 'root' | 'intermediate'>;
  readonly supply: Supply;
}

/** Tokens are made beforehand, as requests are: both are the client's work. */
export function createStepCustomer({ url, key, authority, supply }: StepCustomer): SigningCustomer {
  const tokens = Array.from({ length: supply.orders }, () => writeToken(url, key));
  return {
    ...customerOf({
      calls: 1,
      order: (index) => ({
        method: 'POST',
        path: '/1.0/sign',
        body: JSON.stringify({ csr: csrAt(supply, index), ott: tokens[index] }),
      }),
      next(text) {
        if (typeof valueIn(JSON.parse(text), 'crt') !== 'string') throw unexpected(text);
        return 'issued';
      },
    }),
    authorities: { roots: authority.root.certificatePem, intermediates: authority.intermediate.certificatePem },
    certificateIn: (reply) => String(valueIn(JSON.parse(reply), 'crt')),
  };
}

/** Valid longer than any comparison takes. */
const tokenSeconds = 6 * 3600;

function writeToken(url: string, key: JwsKey): string {
  const now = Math.floor(Date.now() / 1000);
  const [name] = benchNames;
  const jws = key.sign(
    { typ: 'JWT', kid: key.thumbprint },
    {
      iss: provisioner,
      aud: `${url}/1.0/sign`,
      sub: name,
      sans: [name],
      jti: randomBytes(32).toString('hex'),
      iat: now,
      nbf: now,
      exp: now + tokenSeconds,
    },
  );
  return `${jws.protected}.${jws.payload}.${jws.signature}`;
}

async function configure(folder: string, ofProvisioner: object) {
  const file = await goProgram(program);
  const authority = await writeOwnAuthority(folder);
  const port = await freePort();
  const config = {
    root: authority.rootFile,
    crt: authority.intermediateFile,
    key: authority.intermediateKeyFile,
    address: `127.0.0.1:${port}`,
    dnsNames: ['localhost'],
    db: { type: 'badgerv2', dataSource: join(folder, 'db') },
    authority: { provisioners: [ofProvisioner] },
  };
  await writeFile(join(folder, 'ca.json'), JSON.stringify(config));
  return { file, args: ['ca.json', '--insecure'], url: `https://localhost:${port}`, authority };
}
