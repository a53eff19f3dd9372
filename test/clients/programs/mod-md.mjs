/** mod_md: Apache gets its certificates by itself, serves them after a restart, and renews them. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { resolve } from 'node:path';
import {
  address,
  client,
  directoryUrl,
  hmacKey,
  httpPort,
  httpsPort,
  kid,
  nameOf,
  needAnother,
  needCertificate,
  needProved,
  needReplacing,
  placeTextInBash,
  renewWhenWanted,
  roots,
  writeHook,
} from './acme.mjs';
import { servedBy } from './served.mjs';
import { did, poll } from './stage.mjs';

const name = nameOf('apache');
const wild = nameOf('wild-apache');
const domains = [
  { type: 'http-01', names: [name, nameOf('www-apache')] },
  { type: 'tls-alpn-01', names: [nameOf('tls-apache')] },
  { type: 'dns-01', names: [wild, `*.${wild}`] },
];
const base = resolve('apache');
mkdirSync(`${base}/htdocs`, { recursive: true });
// What gets the certificate runs as another user, where Apache is started by root.
chmodSync('.', 0o711);
copyFileSync(roots, `${base}/roots.pem`);
chmodSync(`${base}/roots.pem`, 0o644);
// Arguments: setup or teardown, the name, what to place.
const hook = writeHook('hook', ['[ "$1" = setup ] || exit 0', placeTextInBash('_acme-challenge.$2', '$3')]);
const modules = ['mpm_event', 'authz_core', 'socache_shmcb', 'ssl', 'md'];
const folder = `${process.env.DEBIAN}/usr/lib/apache2/modules`;
const setOf = ({ type, names }) => `
<MDomainSet ${names.join(' ')}>
  MDCAChallenges ${type}
</MDomainSet>`;
const hostOf = ({ names: [first, ...others] }) => `
<VirtualHost ${address}:${httpsPort}>
  ServerName ${first}
  ${others.length === 0 ? '' : `ServerAlias ${others.join(' ')}`}
  DocumentRoot ${base}/htdocs
  SSLEngine on
</VirtualHost>`;
const configuration = `
ServerRoot ${base}
ServerName ${name}
PidFile ${base}/pid
Mutex file:${base}
ErrorLog ${base}/error.log
LogLevel warn md:debug
${modules.map((module) => `LoadModule ${module}_module ${folder}/mod_${module}.so`).join('\n')}
User www-data
Group www-data
Protocols http/1.1 acme-tls/1
Listen ${address}:${httpPort}
Listen ${address}:${httpsPort} https
MDStoreDir ${base}/md
MDPortMap http:${httpPort} https:${httpsPort}
MDCertificateAuthority ${directoryUrl}
MDCertificateAgreement accepted
MDContactEmail ops@example.org
MDExternalAccountBinding ${kid} ${hmacKey}
MDCACertificateFile ${base}/roots.pem
MDChallengeDns01 ${hook}
${domains.map(setOf).join('')}
<VirtualHost ${address}:${httpPort}>
  ServerName ${name}
  DocumentRoot ${base}/htdocs
</VirtualHost>
${domains.map(hostOf).join('')}
`;

const libraries = globSync(`${process.env.DEBIAN}/usr/lib/*-linux-*`).join(':');
async function serve(more, use) {
  writeFileSync(`${base}/httpd.conf`, `${configuration}${more}\n`);
  const log = openSync(`${base}/output.log`, 'a');
  const env = { ...process.env, LD_LIBRARY_PATH: libraries };
  const child = spawn(client, ['-f', `${base}/httpd.conf`, '-D', 'FOREGROUND'], { env, stdio: ['ignore', log, log] });
  const ended = new Promise((done) => child.once('exit', done));
  try {
    return await use();
  } catch (thrown) {
    const logs = ['output.log', 'error.log'].map((one) => `${base}/${one}`).filter(existsSync);
    throw new Error([thrown.message, ...logs.map((one) => readFileSync(one, 'utf8').slice(-8000))].join('\n'));
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

const stagedOf = (domain) => `${base}/md/staging/${domain}/pubcert.pem`;
const staged = (domain) => poll(() => existsSync(stagedOf(domain)), Boolean, `Apache has a certificate of ${domain}`);
const served = () => serve('', () => poll(() => servedBy(name), Boolean, `Apache serves ${name}`));

await serve('', async () => {
  for (const { names } of domains) await staged(names[0]);
});
for (const { type, names } of domains) await needProved(needCertificate(stagedOf(names[0]), names), type);
did(
  'registered with an external account key, and ordered by itself over http-01, tls-alpn-01 and, with a wildcard, dns-01',
);
const first = await served();
did('served the certificates after a restart');

/** The next certificate is served after another restart. */
async function renew(more) {
  await serve(more, () => staged(name));
  return served();
}
const second = await renew('MDRenewWindow 100d');
needAnother(second, first);
did('renewed');
const third = await renewWhenWanted(second, () => renew(''));
await needReplacing(third, second);
did('renewed because the server wanted it (ARI), naming what it replaced');
