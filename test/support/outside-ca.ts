/** A CA that is not ours: `openssl ca` in a folder, as people run one on a laptop. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Subordinate {
  /** Lines of the extensions section, instead of those that are right. */
  readonly extensions?: readonly string[];
  readonly days?: number;
  readonly digest?: string;
  /** `YYYYMMDDHHMMSSZ`. */
  readonly startsAt?: string;
  readonly subject?: string;
  /** Hex; else a random one. */
  readonly serial?: string;
}

export interface OutsideList {
  readonly days?: number;
  readonly seconds?: number;
  /** `YYYYMMDDHHMMSSZ`. */
  readonly startsAt?: string;
  /** Lines of its extensions section, instead of those that are right. */
  readonly extensions?: readonly string[];
}

export interface OutsideCa {
  readonly folder: string;
  /** PEM. */
  readonly certificate: string;
  /** Signs a request, in PEM. */
  sign(csr: string, options?: Subordinate): Promise<string>;
  revoke(certificate: string, reason?: string): Promise<void>;
  /** PEM. */
  list(options?: OutsideList): Promise<string>;
  openssl(...args: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

export const goodExtensions = [
  'basicConstraints = critical,CA:TRUE,pathlen:0',
  'keyUsage = critical,digitalSignature,keyCertSign,cRLSign',
  'extendedKeyUsage = serverAuth',
  'subjectKeyIdentifier = hash',
  'authorityKeyIdentifier = keyid:always',
] as const;

export interface OutsideCaOptions {
  readonly name?: string;
  /** Further lines for the root's own extensions. */
  readonly extensions?: readonly string[];
  /** As `openssl req -newkey` takes it. */
  readonly key?: readonly string[];
  readonly days?: number;
  readonly basicConstraints?: string;
}

export async function startOutsideCa(options: OutsideCaOptions = {}): Promise<OutsideCa> {
  const folder = await mkdtemp(join(tmpdir(), 'outside-ca-'));
  const path = (name: string) => join(folder, name);
  const openssl = async (...args: readonly string[]) => (await run('openssl', args, { cwd: folder })).stdout;
  const { name = 'Outside Root CA', extensions = [], days = 7300 } = options;
  const { basicConstraints = 'critical,CA:TRUE', key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'] } =
    options;
  await writeFile(path('index.txt'), '');
  await writeFile(path('index.txt.attr'), 'unique_subject = no\n');
  await writeFile(path('crlnumber'), '1000\n');
  await writeFile(
    path('ca.cnf'),
    [
      '[ca]\ndefault_ca = here',
      `[here]\ndir = ${folder}\ndatabase = $dir/index.txt\nnew_certs_dir = $dir\ncertificate = $dir/ca.pem`,
      'private_key = $dir/ca.key\nrand_serial = yes\ncrlnumber = $dir/crlnumber\ndefault_md = sha384\npolicy = any\ncrl_extensions = crl',
      '[any]\ncountryName = optional\norganizationName = optional\ncommonName = optional',
      '[crl]\nauthorityKeyIdentifier = keyid:always',
      '[req]\ndistinguished_name = dn\nprompt = no',
      `[dn]\nO = Outside\nCN = ${name}`,
      '[root]',
      `basicConstraints = ${basicConstraints}`,
      'keyUsage = critical,keyCertSign,cRLSign',
      'subjectKeyIdentifier = hash',
      ...extensions,
      '',
    ].join('\n'),
  );
  const root = ['-x509', '-nodes', '-days', String(days), '-extensions', 'root', '-config', 'ca.cnf'];
  await openssl('req', ...root, ...key, '-keyout', 'ca.key', '-out', 'ca.pem');
  const certificate = await readFile(path('ca.pem'), 'utf8');
  let made = 0;

  return {
    folder,
    certificate,
    openssl,
    async sign(csr, { extensions: lines = goodExtensions, days: life = 3650, digest, startsAt, subject, serial } = {}) {
      const id = `sub${++made}`;
      await writeFile(path(`${id}.csr`), csr);
      await writeFile(path(`${id}.ext`), `[sub]\n${lines.join('\n')}\n`);
      const basis = ['-config', 'ca.cnf', '-extfile', `${id}.ext`, '-extensions', 'sub', '-batch', '-notext'];
      const more = [
        ...(digest === undefined ? [] : ['-md', digest]),
        ...(startsAt === undefined ? [] : ['-startdate', startsAt]),
        ...(subject === undefined ? [] : ['-subj', subject]),
      ];
      if (serial !== undefined) {
        await writeFile(path('serial'), `${serial}\n`);
        const config = await readFile(path('ca.cnf'), 'utf8');
        await writeFile(path('serial.cnf'), config.replace('rand_serial = yes', 'serial = $dir/serial'));
        basis.splice(1, 1, 'serial.cnf');
      }
      await openssl('ca', ...basis, ...more, '-days', String(life), '-in', `${id}.csr`, '-out', `${id}.pem`);
      return readFile(path(`${id}.pem`), 'utf8');
    },
    async revoke(pem, reason = 'superseded') {
      await writeFile(path('revoked.pem'), pem);
      await openssl('ca', '-config', 'ca.cnf', '-revoke', 'revoked.pem', '-crl_reason', reason);
    },
    async list({ days: life, seconds, startsAt, extensions: lines } = {}) {
      const until = seconds === undefined ? ['-crldays', String(life ?? 90)] : ['-crlsec', String(seconds)];
      const from = startsAt === undefined ? [] : ['-crl_lastupdate', startsAt];
      const config = await readFile(path('ca.cnf'), 'utf8');
      await writeFile(path('list.cnf'), `${config}\n[instead]\n${(lines ?? []).join('\n')}\n`);
      const section = lines === undefined ? [] : ['-crlexts', 'instead'];
      await openssl('ca', '-config', 'list.cnf', '-gencrl', ...until, ...from, ...section, '-out', 'list.pem');
      return readFile(path('list.pem'), 'utf8');
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
