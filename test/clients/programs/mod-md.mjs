/** mod_md: Apache gets its certificate by itself and serves it after a restart. */
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
  needCertificate,
  roots,
} from './acme.mjs';
import { servedBy } from './served.mjs';
import { did, poll } from './stage.mjs';

const name = nameOf('apache');
const base = resolve('apache');
mkdirSync(`${base}/htdocs`, { recursive: true });
// What gets the certificate runs as another user, where Apache is started by root.
chmodSync('.', 0o711);
copyFileSync(roots, `${base}/roots.pem`);
chmodSync(`${base}/roots.pem`, 0o644);
const modules = ['mpm_event', 'authz_core', 'socache_shmcb', 'ssl', 'md'];
const folder = `${process.env.DEBIAN}/usr/lib/apache2/modules`;
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
Listen ${address}:${httpPort}
Listen ${address}:${httpsPort} https
MDStoreDir ${base}/md
MDPortMap http:${httpPort} https:${httpsPort}
MDCertificateAuthority ${directoryUrl}
MDCertificateAgreement accepted
MDContactEmail ops@example.org
MDExternalAccountBinding ${kid} ${hmacKey}
MDCACertificateFile ${base}/roots.pem
MDomain ${name}
<VirtualHost ${address}:${httpPort}>
  ServerName ${name}
  DocumentRoot ${base}/htdocs
</VirtualHost>
<VirtualHost ${address}:${httpsPort}>
  ServerName ${name}
  DocumentRoot ${base}/htdocs
  SSLEngine on
</VirtualHost>
`;
writeFileSync(`${base}/httpd.conf`, configuration);

const libraries = globSync(`${process.env.DEBIAN}/usr/lib/*-linux-*`).join(':');
async function serve(use) {
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

const staged = `${base}/md/staging/${name}/pubcert.pem`;
await serve(() => poll(() => existsSync(staged), Boolean, 'Apache has a certificate'));
needCertificate(staged, [name]);
did('registered with an external account key and ordered over http-01 by itself');
await serve(() => poll(() => servedBy(name), Boolean, `Apache serves ${name}`));
did('served the certificate after a restart');
