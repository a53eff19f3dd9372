/** Our account at an ACME CA, against certmux's own server: made once, found again, and killed at every step on the way. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AcmeFetch } from '../../../src/dialects/acme/client/face.ts';
import { sealedMember } from '../../../src/domain/acme-upstream-account.ts';
import { createAcmeAccount } from '../../../src/issuers/acme/account.ts';
import type { AcmeAccountRows } from '../../../src/issuers/acme/account-row.ts';
import { type AcmeCa, acmeCa } from '../../../src/issuers/acme/presets.ts';
import { createJwsKey } from '../../../src/pki/jws-writer.ts';
import { createSession, directoryUrl, type Session } from '../../dialects/acme/harness.ts';
import { type AccountTable, createAccountTable } from '../../support/acme-account-rows.ts';
import { createMemoryMasterKeys } from '../../support/master-keys.ts';
import { createFakeClock, createFakeRandomness } from '../../support/system.ts';

const signal = new AbortController().signal;
const { keySealer } = createMemoryMasterKeys(createFakeRandomness());
const clock = createFakeClock();

let session: Session;
/** Accounts that the server has made since the last `countMade`. */
let made = 0;
before(async () => {
  session = await createSession();
});
after(() => session.app.close());

const fetch: AcmeFetch = async (request) => {
  const { pathname } = new URL(request.url);
  const reply = await session.fetch(request);
  if (pathname.endsWith('/new-account') && reply.status === 201) made++;
  return reply;
};

interface World {
  readonly table: AccountTable;
  readonly name: string;
}

interface ProcessOptions {
  readonly ca?: AcmeCa;
  readonly contacts?: readonly string[];
  readonly fetch?: AcmeFetch;
  readonly rows?: AcmeAccountRows;
}

let worlds = 0;
function world(): World {
  made = 0;
  return { table: createAccountTable(), name: `account ${++worlds}` };
}

/** A process that has just started: it knows what is stored, and nothing else. */
function start({ table, name }: World, options: ProcessOptions = {}) {
  return createAcmeAccount({
    settings: {
      ...{ account: name, directory: directoryUrl, termsAgreed: true },
      contacts: options.contacts ?? ['ops@example.com'],
      externalKey: { kind: 'given', ...session.external },
    },
    ca: options.ca ?? acmeCa('custom'),
    rows: options.rows ?? table,
    keySealer,
    client: { fetch: options.fetch ?? fetch, clock },
  });
}

/** Dies at its n-th step: before it is done, or after it, so that nobody learns of it. All later steps fail as well. */
function mortal({ table }: World, dieAt: number, when: 'before' | 'after', inner = fetch) {
  let steps = 0;
  async function step<T>(work: () => Promise<T>): Promise<T> {
    const number = ++steps;
    const killed = new Error('killed');
    if (number > dieAt || (number === dieAt && when === 'before')) throw killed;
    const answer = await work();
    if (number === dieAt) throw killed;
    return answer;
  }
  const rows: AcmeAccountRows = {
    read: { get: (account, directory) => step(() => table.read.get(account, directory)) },
    write: (work) => step(() => table.write(work)),
  };
  const mortalFetch: AcmeFetch = (request) => step(() => inner(request));
  return { rows, fetch: mortalFetch, hasDied: () => steps >= dieAt };
}

/** Plays once for each step and each way to die, until a play has so few steps that it lives. @returns how many died */
async function killEverywhere(play: (dieAt: number, when: 'before' | 'after') => Promise<boolean>): Promise<number> {
  let deaths = 0;
  for (const when of ['before', 'after'] as const) {
    for (let dieAt = 1; await play(dieAt, when); dieAt++) deaths++;
  }
  return deaths;
}

describe('our account', () => {
  it('is registered when it is first needed, and known from then on', async () => {
    const one = world();
    const account = start(one);
    assert.equal(await account.url(), null);
    const { url, client, contactsFailure } = await account.open(signal);
    assert.deepEqual([made, contactsFailure, await account.url()], [1, null, url]);
    assert.equal((await account.open(signal)).client, client, 'with its nonces and its directory');
    assert.equal((await start(one).open(signal)).url, url);
    assert.equal(made, 1);
    assert.deepEqual((await client.account(signal)).shown.contact, ['mailto:ops@example.com']);
    const row = one.table.all()[0] ?? assert.fail();
    assert.deepEqual([row.externalKeyId, row.registeredAt], [session.external.keyId, clock.now()]);
    const kept = keySealer.open(row.sealedExternalKey ?? assert.fail(), sealedMember(row, 'sealedExternalKey'));
    assert.deepEqual(Buffer.from(kept), Buffer.from(session.external.hmacKey));
  });

  it('is one for each name, also where two processes need it at once', async () => {
    const one = world();
    const opened = await Promise.all([start(one), start(one), start(one)].map((account) => account.open(signal)));
    assert.equal(new Set(opened.map(({ url }) => url)).size, 1);
    const process = start(one);
    await Promise.all([process.open(signal), process.open(signal)]);
    assert.equal(made, 1);
    const { url } = await start({ ...one, name: `${one.name} b` }).open(signal);
    assert.notEqual(url, opened[0]?.url);
  });

  it('is the same after a process was killed at any step of its registration', async () => {
    const deaths = await killEverywhere(async (dieAt, when) => {
      const one = world();
      const life = mortal(one, dieAt, when);
      await start(one, life)
        .open(signal)
        .catch(() => undefined);
      const { url, client } = await start(one).open(signal);
      assert.equal(made, 1, `one account, killed ${when} step ${dieAt}`);
      assert.equal(one.table.all().length, 1);
      assert.equal((await client.account(signal)).url, url);
      return life.hasDied();
    });
    assert.ok(deaths >= 10, `${deaths} deaths`);
  });

  it('is told contacts that have changed, once', async () => {
    const one = world();
    await start(one).open(signal);
    let sent = 0;
    const counting: AcmeFetch = (request) => {
      if (/\/account\//.test(request.url)) sent++;
      return fetch(request);
    };
    const changed = { contacts: ['new@example.com', 'other@example.com'], fetch: counting };
    const { client } = await start(one, changed).open(signal);
    assert.deepEqual(
      (await client.account(signal)).shown.contact,
      changed.contacts.map((to) => `mailto:${to}`),
    );
    sent = 0;
    await start(one, changed).open(signal);
    assert.equal(sent, 0);
  });

  it('does without contacts that the CA does not take, and asks again an hour later', async () => {
    const one = world();
    const { url } = await start(one).open(signal);
    let sent = 0;
    const counting: AcmeFetch = (request) => {
      if (/\/account\//.test(request.url)) sent++;
      return fetch(request);
    };
    const account = start(one, { contacts: ['no address'], fetch: counting });
    for (const [minutes, calls] of [
      [0, 1],
      [59, 1],
      [1, 2],
    ] as const) {
      await clock.advance(minutes * 60_000);
      const opened = await account.open(signal);
      assert.deepEqual([opened.url, opened.contactsFailure?.failed.call, sent], [url, 'account', calls]);
    }
  });

  it('is checked at the CA', async () => {
    const one = world();
    await assert.rejects(start(one).check(signal), { code: 'wrongState' });
    const { url, client } = await start(one).open(signal);
    assert.deepEqual(await start(one).check(signal), { url, status: 'valid' });
    assert.deepEqual(await start(one, { ca: acmeCa('google') }).check(signal), { url, status: 'valid' });
    assert.deepEqual(await start(one, { ca: acmeCa('sslcom-rsa') }).check(signal), { url, status: null });
    await client.deactivateAccount(signal);
    await assert.rejects(start(one).check(signal), { code: 'unauthenticated' });
  });
});

const problem = (status: number, name: string) =>
  Response.json(
    { type: `urn:ietf:params:acme:error:${name}`, detail: 'no' },
    { status, headers: { 'replay-nonce': 'n' } },
  );

/** What says nothing of a key. */
const passing = [
  ['nonces that are refused again and again', () => problem(400, 'badNonce')],
  ['a limit', () => problem(429, 'rateLimited')],
  ['terms that a person must agree to', () => problem(403, 'userActionRequired')],
  ['a page of a firewall', () => new Response('<h1>Blocked</h1>', { status: 403 })],
  ['a fault of the CA', () => problem(500, 'serverInternal')],
] as const;

describe('its key', () => {
  // An external account key is good for so many accounts.
  let usual: Session;
  before(async () => {
    usual = session;
    session = await createSession();
  });
  after(async () => {
    await session.app.close();
    session = usual;
  });

  it('is changed, and the URL stays', async () => {
    const one = world();
    const account = start(one);
    await assert.rejects(account.changeKey(signal), { code: 'wrongState' });
    const before = await account.open(signal);
    const [rowBefore] = one.table.all();
    const after = await account.changeKey(signal);
    assert.equal(after.url, before.url);
    assert.notEqual(after.client, before.client);
    await after.client.account(signal);
    await assert.rejects(before.client.account(signal), 'the former key is worth nothing');
    const [row] = one.table.all();
    assert.deepEqual([row?.nextSealedKey, row?.url], [null, before.url]);
    assert.notDeepEqual(row?.sealedKey, rowBefore?.sealedKey);
    assert.equal(made, 1);
  });

  it('is the one that the CA knows after a process was killed at any step of its change', async () => {
    const deaths = await killEverywhere(async (dieAt, when) => {
      const one = world();
      const { url } = await start(one).open(signal);
      const life = mortal(one, dieAt, when);
      await start(one, life)
        .changeKey(signal)
        .catch(() => undefined);
      const opened = await start(one).open(signal);
      assert.deepEqual([opened.url, made], [url, 1], `killed ${when} step ${dieAt}`);
      await opened.client.account(signal);
      assert.equal(one.table.all()[0]?.nextSealedKey, null, 'the change is over');
      return life.hasDied();
    });
    assert.ok(deaths >= 14, `${deaths} deaths`);
  });

  it('is found after a kill also at a CA that refuses every look-up without a binding', async () => {
    const needsBinding: AcmeFetch = async (request) => {
      if (!request.url.endsWith('/new-account')) return fetch(request);
      const { payload } = JSON.parse(await request.clone().text());
      const wanted = JSON.parse(Buffer.from(payload, 'base64url').toString());
      if (wanted.onlyReturnExisting !== true) return fetch(request);
      return problem(403, 'externalAccountRequired');
    };
    const deaths = await killEverywhere(async (dieAt, when) => {
      const one = world();
      await start(one, { fetch: needsBinding }).open(signal);
      const life = mortal(one, dieAt, when, needsBinding);
      await start(one, life)
        .changeKey(signal)
        .catch(() => undefined);
      const opened = await start(one, { fetch: needsBinding }).open(signal);
      await opened.client.account(signal);
      assert.equal(one.table.all()[0]?.nextSealedKey, null, 'the change is over');
      return life.hasDied();
    });
    assert.ok(deaths >= 14, `${deaths} deaths`);
  });

  for (const [what, answer] of passing) {
    it(`is not given up for ${what}: both stay stored, and the account works afterwards`, async () => {
      const one = world();
      await start(one).open(signal);
      // The CA takes the new key, and its answer is lost.
      const losing: AcmeFetch = async (request) => {
        const reply = await fetch(request);
        if (request.url.endsWith('/key-change')) throw new TypeError('terminated');
        return reply;
      };
      await assert.rejects(start(one, { fetch: losing }).changeKey(signal));
      const ill: AcmeFetch = (request) => (request.method === 'POST' ? Promise.resolve(answer()) : fetch(request));
      await assert.rejects(start(one, { fetch: ill }).open(signal));
      const { client } = await start(one).open(signal);
      await client.account(signal);
      assert.equal(one.table.all()[0]?.nextSealedKey, null);
    });
  }

  it('stays where the CA refuses the new one', async () => {
    const one = world();
    const { url } = await start(one).open(signal);
    const refusing: AcmeFetch = (request) =>
      request.url.endsWith('/key-change')
        ? Promise.resolve(
            Response.json({ type: 'urn:ietf:params:acme:error:badPublicKey', detail: 'no' }, { status: 400 }),
          )
        : fetch(request);
    await assert.rejects(start(one, { fetch: refusing }).changeKey(signal), { code: 'badKey' });
    assert.equal(one.table.all()[0]?.nextSealedKey, null);
    assert.equal((await start(one).open(signal)).url, url);
  });

  it('is changed only where the CA can', async () => {
    const one = world();
    await start(one).open(signal);
    await assert.rejects(start(one, { ca: acmeCa('zerossl') }).changeKey(signal), { code: 'unsupported' });
    const without: AcmeFetch = async (request) => {
      const reply = await fetch(request);
      if (request.url !== directoryUrl) return reply;
      const { keyChange, ...rest } = JSON.parse(await reply.text());
      assert.ok(keyChange);
      return Response.json(rest);
    };
    await assert.rejects(start(one, { fetch: without }).changeKey(signal), { code: 'unsupported' });
    assert.equal(one.table.all()[0]?.nextSealedKey, null);
  });

  it('opens under its own kind, and under no other', async () => {
    const one = world();
    await start(one).open(signal);
    const row = one.table.all()[0] ?? assert.fail();
    createJwsKey(keySealer.open(row.sealedKey, sealedMember(row, 'sealedKey')));
    assert.throws(() => keySealer.open(row.sealedKey, sealedMember(row, 'nextSealedKey')));
    assert.throws(() => keySealer.open(row.sealedKey, sealedMember({ ...row, account: 'other' }, 'sealedKey')));
  });
});

describe('an account that the CA does not know', () => {
  it('is found where it is there after all', async () => {
    const one = world();
    const { url } = await start(one).open(signal);
    const again = await start(one).registerAgain(signal);
    assert.deepEqual([again.url, again.formerUrl, made], [url, url, 1]);
    assert.deepEqual((await again.client.account(signal)).shown.contact, ['mailto:ops@example.com']);
  });

  it('is registered again with the same key, and its new URL is stored', async () => {
    const one = world();
    const { url } = await start(one).open(signal);
    // Another CA behind the same directory, as after a restore of its database.
    const lost = await createSession();
    const elsewhere: AcmeFetch = (request) => lost.fetch(request);
    const account = createAcmeAccount({
      settings: {
        ...{ account: one.name, directory: directoryUrl, termsAgreed: true, contacts: ['ops@example.com'] },
        externalKey: { kind: 'given', ...lost.external },
      },
      ...{ ca: acmeCa('custom'), rows: one.table, keySealer },
      client: { fetch: elsewhere, clock },
    });
    const { client } = await account.open(signal);
    await assert.rejects(client.placeOrder({ names: ['www.example.com'] }), (error: { failed?: { type: string } }) =>
      /accountDoesNotExist$/.test(error.failed?.type ?? ''),
    );
    const again = await account.registerAgain(signal);
    assert.equal(again.formerUrl, url);
    assert.notEqual(again.url, url);
    assert.deepEqual([(await account.open(signal)).url, await account.url()], [again.url, again.url]);
    await lost.app.close();
  });
});

it('who waits for another leaves when the signal comes', async () => {
  const one = world();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const account = start(one, {
    async fetch(request) {
      await held;
      return fetch(request);
    },
  });
  const first = account.open(signal);
  const aborter = new AbortController();
  const second = account.open(aborter.signal);
  aborter.abort(new Error('stopping'));
  await assert.rejects(second, { message: 'stopping' });
  release();
  await first;
  assert.equal(made, 1);
});
