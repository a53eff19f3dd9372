/** Caddy: it gets its certificates by itself and serves them, keeps them when it is started again, and renews them. */
import { spawn } from 'node:child_process';
import { globSync, openSync, readFileSync, writeFileSync } from 'node:fs';
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
  needProved,
  renewWhenWanted,
  roots,
} from './acme.mjs';
import { servedBy } from './served.mjs';
import { did, need, poll } from './stage.mjs';

const names = { 'http-01': nameOf('caddy'), 'tls-alpn-01': nameOf('tls-caddy') };
const storage = resolve('caddy');
const metadataFile = () => globSync(`${storage}/certificates/*/${names['http-01']}/*.json`)[0];
const metadata = () => JSON.parse(readFileSync(metadataFile(), 'utf8'));

/** Releases that know ARI keep what the server said of the renewal, and when to look again. */
const knowsAri = () => metadata().issuer_data.renewal_info !== undefined;

/** As if the six hours until the next look had passed. */
function lookAgain() {
  const { issuer_data: data, ...rest } = metadata();
  const information = { ...data.renewal_info, _retryAfter: new Date(Date.now() - 1000).toISOString() };
  writeFileSync(metadataFile(), JSON.stringify({ ...rest, issuer_data: { ...data, renewal_info: information } }));
}

function configuration({ looksOften = false, ...more }) {
  const policyOf = (name, challenges) => ({
    subjects: [name],
    issuers: [
      {
        module: 'acme',
        ca: directoryUrl,
        email: 'ops@example.org',
        trusted_roots_pem_files: [roots],
        external_account: { key_id: kid, mac_key: hmacKey },
        challenges: { bind_host: address, ...challenges },
      },
    ],
    ...more,
  });
  const http = { alternate_port: Number(httpPort) };
  const alpn = { alternate_port: Number(httpsPort) };
  const off = { disabled: true };
  const policies = [
    policyOf(names['http-01'], { http, 'tls-alpn': off }),
    policyOf(names['tls-alpn-01'], { http: off, 'tls-alpn': alpn }),
  ];
  const handle = [{ handler: 'static_response', body: 'served' }];
  const server = { listen: [`${address}:${httpsPort}`], routes: [{ match: [{ host: Object.values(names) }], handle }] };
  const plain = { listen: [`${address}:${httpPort}`], routes: [{ handle }] };
  return {
    admin: { disabled: true, config: { persist: false } },
    storage: { module: 'file_system', root: storage },
    apps: {
      http: { http_port: Number(httpPort), https_port: Number(httpsPort), servers: { server, plain } },
      // How often it looks whether something is to be done, besides at its start.
      tls: { automation: { policies, ...(looksOften ? { renew_interval: '1s' } : {}) } },
    },
  };
}

async function serve(more, use) {
  writeFileSync('caddy.json', JSON.stringify(configuration(more)));
  const log = openSync('caddy.log', 'a');
  const child = spawn(client, ['run', '--config', 'caddy.json'], { stdio: ['ignore', log, log] });
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

const served = (name) => poll(() => servedBy(name), Boolean, `Caddy serves ${name}`);
const servedAfter = (name, former) =>
  poll(
    () => servedBy(name),
    (leaf) => leaf !== undefined && leaf.serialNumber !== former.serialNumber,
    `Caddy serves another certificate of ${name}`,
  );

const first = await serve({}, async () => {
  for (const [type, name] of Object.entries(names)) await needProved(await served(name), type);
  return served(names['http-01']);
});
did(
  'registered with an external account key, ordered by itself over http-01 and tls-alpn-01, and served the certificates',
);
const kept = await serve({}, () => served(names['http-01']));
need(kept.serialNumber === first.serialNumber, 'it keeps its certificate');
did('served the same certificates after it was started again');

// At once due: its renewal is part of its start.
const renewed = await serve({ renewal_window_ratio: 0.9999999 }, () => servedAfter(names['http-01'], first));
needAnother(renewed, first);
did('renewed');

if (knowsAri()) {
  await renewWhenWanted(renewed, () => {
    lookAgain();
    return serve({ looksOften: true }, () => servedAfter(names['http-01'], renewed));
  });
  did('renewed because the server wanted it (ARI)');
}
