/** Caddy: it gets its certificate by itself and serves it; stopped and started again it serves the one it has. */
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { address, client, directoryUrl, hmacKey, httpPort, httpsPort, kid, nameOf, roots } from './acme.mjs';
import { servedBy } from './served.mjs';
import { did, need, poll } from './stage.mjs';

const name = nameOf('caddy');
mkdirSync('caddy', { recursive: true });
const configuration = `{
  admin off
  storage file_system ${resolve('caddy')}
  http_port ${httpPort}
  https_port ${httpsPort}
  default_bind ${address}
  email ops@example.org
  acme_ca ${directoryUrl}
  acme_ca_root ${roots}
  acme_eab {
    key_id ${kid}
    mac_key ${hmacKey}
  }
}
${name} {
  respond "served"
}
`;
writeFileSync('Caddyfile', configuration);

async function serve(use) {
  const log = openSync('caddy.log', 'a');
  const child = spawn(client, ['run', '--config', 'Caddyfile'], { stdio: ['ignore', log, log] });
  const ended = new Promise((done) => child.once('exit', done));
  try {
    return await use();
  } catch (thrown) {
    throw new Error(`${thrown.message}\n${readFileSync('caddy.log', 'utf8')}`);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

const served = () => serve(() => poll(() => servedBy(name), Boolean, `Caddy serves ${name}`));
const first = await served();
did('registered with an external account key, ordered by itself, and served the certificate');
const second = await served();
need(second.serialNumber === first.serialNumber, 'it keeps its certificate');
did('served the same certificate after it was started again');
