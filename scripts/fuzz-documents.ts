/**
 * `npm run fuzz:documents -- --with /path/to/schemathesis --minutes 5 --dialect native,digicert`: each dialect's OpenAPI document
 * against a server, by Schemathesis, which is from PyPI and not installed with certmux. It prints what does not agree, with the
 * request that shows it. What stands behind `--` goes to Schemathesis as it is.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createNativeClient, type NativeClient } from '../src/dialects/native/client.ts';
import { dialects } from '../src/dialects/registry.ts';
import { carrierOf } from '../test/support/front-doors.ts';
import { startMailServer } from '../test/support/mail-server.ts';
import { startWorld } from '../test/support/world.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    with: { type: 'string', default: 'schemathesis' },
    /** For each dialect. */
    minutes: { type: 'string', default: '5' },
    dialect: { type: 'string', default: dialects.map(({ name }) => name).join(',') },
    seed: { type: 'string', default: '1' },
    /**
     * Checks to leave out, besides those that need a status of refusals where there is none. By default the one that takes every
     * value of the right form for a good one: of a CSR or a name no schema says all.
     */
    without: { type: 'string', default: 'positive_data_acceptance' },
  },
});

const mail = await startMailServer();
const folder = await mkdtemp(join(tmpdir(), 'certmux-documents-'));
const world = await startWorld({
  mail: { host: '127.0.0.1', port: mail.port, tls: 'none', from: 'certs@certs.example' },
  dialects: { digicert: { requestLimits: 'off', answerWithinMs: 0 } },
});
const operator = createNativeClient({
  baseUrl: world.url,
  token: world.operatorToken,
  fetch: (request) => fetch(request),
});

/** They look for a status of 4xx, which some APIs never answer with. */
const checksOfStatus = ['negative_data_rejection', 'missing_required_header', 'unsupported_method', 'ignored_auth'];

let hasFound = false;
for (const name of values.dialect.split(',')) {
  console.log(`\n${name}`);
  const { headers, document, refusesWithStatus } = await prepare(name, operator);
  const without = [values.without, ...(refusesWithStatus ? [] : checksOfStatus)].filter((check) => check !== '');
  const file = join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify(document));
  const code = await run([
    ...['run', file, '--url', world.url, '--checks', 'all', '--seed', values.seed, '--continue-on-failure'],
    ...(without.length === 0 ? [] : ['--exclude-checks', without.join(',')]),
    ...['--max-time', String(Math.ceil(Number(values.minutes) * 60)), '--request-timeout', '20'],
    ...Object.entries(headers).flatMap(([header, value]) => ['--header', `${header}: ${value}`]),
    ...positionals,
  ]);
  hasFound ||= code !== 0;
}
await world.close();
await mail.close();
await rm(folder, { recursive: true });
process.exitCode = hasFound ? 1 : 0;

/** A key of a new account, and the document as the server hands it out; a key that goes into the body stands in it as a constant. */
async function prepare(name: string, operator: NativeClient) {
  const { id: account } = await operator.accounts.create({ name: `fuzz ${name}`, currency: 'CNY' });
  await operator.accounts.credit({ account, minor: 100_000_000, currency: 'CNY', note: 'to spend' });
  const { clientSettings } = await operator.credentials.create({ account, dialect: name, roles: ['administrator'] });
  const { headers = {}, body = {} } = carrierOf(name, clientSettings);
  const text = await (await fetch(`${world.url}/api/docs/${name}.json`)).text();
  const document: unknown = JSON.parse(text, (key, value) =>
    Object.hasOwn(body, key) && typeof value === 'object' ? { const: body[key] } : value,
  );
  const refusals = dialects.find((one) => one.name === name)?.docs.refusals ?? [];
  return { headers, document, refusesWithStatus: refusals.some(({ status }) => status >= 400) };
}

function run(args: readonly string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(values.with, args, { stdio: 'inherit', cwd: folder });
    child.once('error', reject);
    child.once('exit', resolve);
  });
}
