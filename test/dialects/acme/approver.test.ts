/** What an approver sees of an order of an ACME client, and decides: through the native API and on the command line. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatToken } from '../../../src/dialects/native/auth.ts';
import { createNativeClient } from '../../../src/dialects/native/client.ts';
import { native } from '../../../src/dialects/native/index.ts';
import { parseCsr } from '../../../src/pki/csr.ts';
import { spkiSha256 } from '../../../src/pki/public-key.ts';
import { run } from '../../cli/harness.ts';
import { createKey } from '../../support/app.ts';
import { openFrontDoor } from '../../support/front-door.ts';
import { baseUrl, createSession, csrFor, type Session, type SessionOptions } from './harness.ts';

const names = ['www.example.com', 'example.com'];

/** A session with an approver of its account at the native API and the command line. */
async function start(options: SessionOptions = {}) {
  const session = await createSession({ account: { approval: 'manual' }, ...options });
  const { app, account } = session;
  const { credential, secret } = await createKey(app, account, { dialect: 'native', roles: ['approver'] });
  const token = formatToken({ publicId: credential.publicId, secret });
  const door = openFrontDoor(app, native, { publicUrl: baseUrl });
  const fetch = (request: Request) => door.fetch(request, { address: '192.0.2.99', requestId: 'req-9' });
  const client = createNativeClient({ baseUrl, token, fetch });
  const cli = (line: string | readonly string[]) => run(line, { fetch, connection: { url: baseUrl, token } });
  return { session, client, cli };
}

async function finalize(session: Session) {
  const ready = await session.readyOrder(names);
  const csr = await csrFor(names);
  const reply = await session.client.post(ready.body.finalize, { csr });
  assert.equal(reply.body.status, 'processing', reply.text);
  const { publicKey } = parseCsr(Buffer.from(csr, 'base64url'));
  const look = async () => (await session.client.post(reply.headers.get('location') ?? '')).body;
  return { sha256: spkiSha256(publicKey.spkiDer), look };
}

describe('the request of an ACME client', () => {
  it('shows its names, its ACME account and the key that bound it, its address, and the key of the CSR', async () => {
    const { session, client } = await start();
    const { sha256 } = await finalize(session);
    const { items } = await client.approvals.list({ limit: 9, waiting: 'true' });
    const [listed, ...more] = items;
    assert.deepEqual([listed?.names, listed?.version, listed?.requestedFrom, more], [names, 1, '192.0.2.7', []]);
    const request = await client.approvals.show({ approval: String(listed?.number) });
    assert.deepEqual(request.names, names);
    assert.equal(request.requestedFrom, '192.0.2.7');
    assert.deepEqual(request.csrKey, { algorithm: 'P-256', bits: 256, sha256 });
    assert.deepEqual(request.acme, {
      credentialNumber: request.acme?.credentialNumber,
      directory: 'default',
      account: session.client.account?.split('/').at(-1),
      contact: 'mailto:ops@example.com',
      key: { number: session.external.number, name: 'web servers', keyId: session.external.keyId },
    });
  });

  it('shows the newer key and address once the client came back, and is decided by those who have seen it', async () => {
    const { session, client } = await start();
    const first = await finalize(session);
    const { items } = await client.approvals.list({ limit: 9 });
    const approval = String(items[0]?.number);
    const second = await finalize(session);
    const shown = await client.approvals.show({ approval });
    assert.deepEqual([shown.version, shown.csrKey?.sha256], [2, second.sha256]);
    assert.notEqual(first.sha256, second.sha256);
    const orderNumber = String(shown.orderNumber);
    for (const decide of [
      () => client.approvals.approve({ approval, note: '', version: 1 }),
      () => client.approvals.approve({ approval }),
      () => client.approvals.reject({ approval }),
      () => client.orders.approve({ order: orderNumber }),
      () => client.orders.reject({ order: orderNumber, version: 1 }),
      () => client.approvals.approve({ approval, version: 3 }),
    ]) {
      await assert.rejects(decide, /it is at version 2 now; look at it again/);
    }
    assert.equal((await client.orders.show({ order: orderNumber })).approval?.version, 2);
    await client.orders.approve({ order: orderNumber, version: 2 });
    await session.app.idle();
    assert.equal((await second.look()).status, 'valid');
  });

  it('of two steps has a version in each', async () => {
    const { session, client } = await start({ account: { approval: 'twoStep' } });
    await finalize(session);
    const { items } = await client.approvals.list({ limit: 9 });
    const approval = String(items[0]?.number);
    assert.equal((await client.approvals.approve({ approval, version: 1 })).state, 'pending');
    const second = await finalize(session);
    const target = { number: Number(approval) };
    const { app } = session;
    const decide = (version: number) =>
      app.ports.approvals.decide(app.operator, target, { approve: true, note: '', version });
    await assert.rejects(decide(1), /it is at version 2 now/);
    await decide(2);
    await app.idle();
    assert.equal((await second.look()).status, 'valid');
  });

  it('is shown on the command line with all of that, and approved at its version', async () => {
    const { session, cli } = await start();
    await finalize(session);
    const second = await finalize(session);
    const list = await cli('approval list --waiting');
    const [, , number] = /\n *(\d+) +(\d+) /.exec(list.stdout) ?? [];
    assert.match(list.stdout, /VERSION/);
    const approval = /\n *(\d+)/.exec(list.stdout)?.[1] ?? assert.fail(list.stdout);
    const { stdout } = await cli(`approval show ${approval}`);
    for (const part of [
      /^Request: +\d+$/m,
      /^Version: +2: changed since it was filed$/m,
      /^Names: +www\.example\.com, example\.com$/m,
      new RegExp(`^Key: +P-256, SHA-256 ${second.sha256}$`, 'm'),
      /^From: +192\.0\.2\.7$/m,
      /^ACME account: +mailto:ops@example\.com \(default\/account\/[0-9a-z]+\)$/m,
      new RegExp(`^ACME key: +web servers \\(${session.external.keyId}, number ${session.external.number}\\)$`, 'm'),
      /may come back with another key/,
      new RegExp(`^Next: certmux approval approve ${approval} --at-version 2 `, 'm'),
    ]) {
      assert.match(stdout, part);
    }
    const order = await cli(`order show ${number}`);
    assert.match(order.stdout, new RegExp(`Next: certmux order approve ${number} --at-version 2 `));
    for (const line of [`approval approve ${approval}`, `order approve ${number}`, `approval reject ${approval}`]) {
      const refused = await cli(line);
      assert.notEqual(refused.exitCode, 0);
      assert.match(refused.stderr, /it is at version 2 now/);
    }
    const approved = await cli(['approval', 'approve', approval, '--at-version', '2', '--note', 'ticket 4711']);
    assert.equal(approved.exitCode, 0, approved.stderr);
    assert.match(approved.stdout, /^State: +approved$/m);
    await session.app.idle();
    assert.equal((await second.look()).status, 'valid');
  });
});
