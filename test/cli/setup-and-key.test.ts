/** `setup show|confirm`, `order private-key` and `stats rebuild`, against the native API. */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { createProcessTerminal } from '../../src/boot/process-terminal.ts';
import type { Environment } from '../../src/system/index.ts';
import { createSession } from '../dialects/native/session.ts';
import { createCaller, issue, place } from '../support/app.ts';
import { createFakeClock, createFakeRandomness } from '../support/system.ts';
import { run } from './harness.ts';

async function begin() {
  const session = await createSession();
  const { app, baseUrl, fetch, operatorToken, token } = session;
  const world = (used: string) => ({ fetch, connection: { url: baseUrl, token: used } });
  const caller = await createCaller(app, session.account, { dialect: 'encryption365' });
  return { ...session, caller, customer: world(token), operator: world(operatorToken) };
}

describe('setup', () => {
  test('shows the steps, and confirms one that the server cannot see', async () => {
    const { operator } = await begin();
    const before = await run('setup show', operator);
    assert.match(before.stdout, /^\[ \] address +check the address .*\n.*https?:/);
    assert.match(before.stdout, /\n\[ \] masterKey +copy/);
    assert.match(before.stdout, /\n\[x\] account +make/);
    assert.match(before.stdout, /certmux setup confirm address\n$/);
    const confirmed = await run('setup confirm masterKey', operator);
    assert.match(confirmed.stdout, /\n\[x\] masterKey +copy .*; confirmed 2026-06-01 12:00Z\n/);
    const { steps } = JSON.parse((await run('setup show --json', operator)).stdout);
    assert.deepEqual(
      steps.flatMap(({ step, doneAt }: { step: string; doneAt: string | null }) => (doneAt === null ? [] : [step])),
      ['masterKey'],
    );
  });

  test('refuses a step that the server sees by itself, and others than operators', async () => {
    const { operator, customer } = await begin();
    const refused = await run('setup confirm account', operator);
    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, /"account" is no step .*\n.*address, masterKey, root, mail/s);
    assert.equal((await run('setup show', customer)).exitCode, 4);
    assert.equal((await run('setup confirm masterKey', customer)).exitCode, 4);
  });
});

describe('order private-key', () => {
  test('writes the key of the certificate, alone or with it under a passphrase', async () => {
    const { app, caller, customer, client } = await begin();
    const { order } = await issue(app, caller, ['a.example.com'], { csr: { make: 'P-256' } });
    const [listed] = (await client.certificates.list({})).items;
    const { pem } = await client.certificates.show({ certificate: String(listed?.number) });
    const written = await run(`order private-key ${order.number} --output a.key`, customer);
    assert.match(written.stdout, /^Wrote the key of certificate [0-9]+ to a\.key\.\n$/);
    const key = written.files.get('a.key') ?? assert.fail(written.stderr);
    assert.ok(new X509Certificate(pem).checkPrivateKey(createPrivateKey(key)));
    assert.doesNotMatch(written.stdout + written.stderr, /PRIVATE KEY/);

    const passphrase = 'correct horse';
    const files = new Map([['pass', `${passphrase}\n`]]);
    const line = `order private-key ${order.number} --format pfx --passphrase-file pass --output a.pfx`;
    const pfx = (await run(line, { ...customer, files })).files.get('a.pfx') ?? assert.fail('nothing is written');
    createSecureContext({ pfx: Buffer.from(pfx, 'latin1'), passphrase });
  });

  test('refuses what cannot be, and leaves other files alone', async () => {
    const { app, caller, customer, operator } = await begin();
    const { order } = await issue(app, caller, ['a.example.com'], { csr: { make: 'P-256' } });
    const line = `order private-key ${order.number} --output a.key`;
    const files = new Map([['a.key', 'another']]);
    const over = await run(line, { ...customer, files });
    assert.deepEqual([over.exitCode, over.files.get('a.key')], [2, 'another']);
    assert.match(over.stderr, /a\.key is there already/);
    const nobody = await run(`${line} --format jks`, customer);
    assert.match(nobody.stderr, /a jks needs a passphrase/);
    const pem = await run(`${line} --passphrase-file pass`, customer);
    assert.match(pem.stderr, /a pem has no passphrase/);
    const ofOperator = await run(line, operator);
    assert.deepEqual([ofOperator.exitCode, ofOperator.files.size], [4, 0]);
    const { order: open } = await place(app, caller, ['b.example.com'], { csr: { make: 'P-256' } });
    const early = await run(`order private-key ${open.number} --output b.key`, customer);
    assert.match(early.stderr, new RegExp(`order ${open.number} has no certificate yet`));
    const { order: own } = await issue(app, caller, ['c.example.com']);
    assert.equal((await run(`order private-key ${own.number} --output c.key`, customer)).exitCode, 3);
  });

  test('writes a file that only its owner can read, and never over another', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'key-'));
    try {
      const environment = { workingDirectory: folder, variables: {} } as unknown as Environment;
      const system = { clock: createFakeClock('2026-06-01T12:00:00Z'), random: createFakeRandomness(7) };
      const terminal = createProcessTerminal(environment, system);
      assert.equal(await terminal.writeSecretFile('a.key', Buffer.from('one')), true);
      assert.equal(await terminal.writeSecretFile('a.key', Buffer.from('two')), false);
      assert.equal(await readFile(join(folder, 'a.key'), 'utf8'), 'one');
      assert.equal((await stat(join(folder, 'a.key'))).mode & 0o777, 0o600);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test('stats rebuild begins to count again, for operators only', async () => {
  const { app, caller, customer, operator } = await begin();
  await issue(app, caller, ['a.example.com']);
  const before = (await run('stats issuance', operator)).stdout;
  const begun = await run('stats rebuild', operator);
  assert.match(begun.stdout, /is being counted again/);
  assert.equal((await app.database.read.statistics.progress()).isClearing, true);
  assert.equal((await run('stats issuance', operator)).stdout, before);
  assert.equal((await run('stats rebuild', customer)).exitCode, 4);
});
