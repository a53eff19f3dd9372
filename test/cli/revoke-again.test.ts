/** To revoke what is revoked already is no failure: a script that is run again ends as it did the first time. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSession, issueOrder, placeOrder } from '../dialects/native/session.ts';
import { run } from './harness.ts';

async function issued() {
  const session = await createSession();
  await issueOrder(session);
  return { session, world: { fetch: session.fetch, connection: { url: session.baseUrl, token: session.token } } };
}

describe('a certificate that is revoked already', () => {
  test('is said to be, since when and why, and nothing changes', async () => {
    const { session, world } = await issued();
    await run('certificate revoke 17 --reason superseded', world);
    await session.app.advance(3 * 86_400);
    const { exitCode, stdout, stderr } = await run('certificate revoke 17', world);
    assert.equal(
      stdout,
      'Certificate 17 of trustocean.com is revoked already since 2026-06-01 12:00Z (superseded). Nothing was changed.\n',
    );
    assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' });
  });

  test('is the certificate as JSON for programs', async () => {
    const { world } = await issued();
    await run('certificate revoke 17 --reason superseded', world);
    const { exitCode, stdout } = await run('certificate revoke 17 --json', world);
    assert.equal(exitCode, 0);
    const { state, revocationReason } = JSON.parse(stdout);
    assert.deepEqual({ state, revocationReason }, { state: 'revoked', revocationReason: 'superseded' });
  });

  test('is revoked again for a key that is known to others, which changes the reason', async () => {
    const { world } = await issued();
    await run('certificate revoke 17 --reason superseded', world);
    assert.equal(
      (await run('certificate revoke 17 --reason keyCompromise', world)).stdout,
      'Revoked certificate 17 of trustocean.com.\n',
    );
    assert.match(
      (await run('certificate revoke 17 --reason keyCompromise', world)).stdout,
      /already .*\(keyCompromise\)/,
    );
  });
});

describe('an order that is revoked already', () => {
  test('is said to be, and shown', async () => {
    const { world } = await issued();
    await run('order revoke 17', world);
    const { exitCode, stdout } = await run('order revoke 17', world);
    assert.equal(exitCode, 0);
    assert.match(
      stdout,
      /^Order 17 is revoked already\. Nothing was changed\.\n\nOrder 17 {2}revoked\nrevoked on 2026-06-01\n/,
    );
  });

  test('one that cannot be revoked for another reason is refused as before', async () => {
    const { session, world } = await issued();
    await placeOrder(session, ['other.example']);
    assert.match((await run('order revoke 18', world)).stdout, /^Order 18 {2}rejected\n/); // it had no certificate yet
    const { exitCode, stdout, stderr } = await run('order revoke 18', world);
    assert.deepEqual({ exitCode, stdout }, { exitCode: 6, stdout: '' });
    assert.match(stderr, /order 18|"18"/);
  });

  test('one that is not there is not found', async () => {
    const { world } = await issued();
    assert.equal((await run('certificate revoke 4711', world)).exitCode, 3);
  });
});

describe('a command line with a mistake', () => {
  const rows: readonly (readonly [line: string, meant: RegExp])[] = [
    ['ordr list', /unknown command 'ordr'\n\(Did you mean order\?\)/],
    ['order lst', /\(Did you mean list\?\)/],
    ['order list --stat open', /unknown option '--stat'\n\(Did you mean --state\?\)/],
    ['order list --state opn', /Allowed choices are open, active/],
  ];
  for (const [line, meant] of rows) {
    test(line, async () => {
      const { exitCode, stderr } = await run(line);
      assert.equal(exitCode, 2);
      assert.match(stderr, meant);
    });
  }

  test('says so to programs as well', async () => {
    const { stderr } = await run('order list --stat open --json');
    assert.match(JSON.parse(stderr).error.message, /Did you mean --state\?/);
  });
});
