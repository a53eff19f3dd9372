/** The change of the master key: nothing that is sealed is forgotten, and nothing that it protects changes. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { openHmacKey } from '../../../src/app/accounts/external-account-keys.ts';
import { openSealing, serverSecret } from '../../../src/app/index.ts';
import { storedKey, subscriberKeyOf } from '../../../src/app/orders/subscriber-key.ts';
import { webhookSecret } from '../../../src/app/outbound/deliveries.ts';
import { secretOf } from '../../../src/app/outbound/webhook-secret.ts';
import { codecs } from '../../../src/db/tables.ts';
import { sealedMember } from '../../../src/domain/acme-upstream-account.ts';
import { type KeySealer, type SealedRow, sealedInFile, sealedRows } from '../../../src/domain/ports/key-sealer.ts';
import { createKeyring, formerSecret } from '../../../src/pki/key-sealer.ts';
import { masterKeyOf, sealedUnder } from '../../../src/pki/seal.ts';
import { type Customer, createCustomer, issue, names, startTestApp, type TestApp } from '../../support/app.ts';
import { createMemoryMasterKeys } from '../../support/master-keys.ts';
import { postgresUrl } from '../../support/postgres.ts';
import { createFakeRandomness } from '../../support/system.ts';
import { queryOutside } from '../../support/tables.ts';

let app: TestApp;
afterEach(() => app.close());

const firstKey = new Uint8Array(32).fill(7); // of the test apps
const firstId = masterKeyOf(firstKey).id;

/** Columns of bytes that hold no secret. A new one is either added here or to `sealedRows`. */
const plainColumns = [
  'order_shares.token_hash', // a hash
  'authorities.certificate',
  'authority_certificates.certificate',
  'authority_requests.csr',
  'imported_serials.certificate',
  'certificates.der',
  'certificates.issuer_hash', // a hash
  'acme_orders.csr',
  'acme_orders.csr_hash', // a hash
  'acme_orders.terms_hash', // a hash
  'certificates.key_hash', // a hash
  'confirmations.token_hash', // a hash
  'check_records.fingerprint', // a hash
  'credentials.key_hash', // a hash
  'credentials.public_key',
  'credentials.secret_hash', // a hash
  'crl_pieces.der',
  'crls.head',
  'crls.tail',
  'issuances.csr',
  'issuances.proofs', // ids
  'made_keys.key_hash', // a hash
  'mailboxes.token_hash', // a hash
  'user_sessions.secret_hash', // a hash
  // Values that lists are sorted and searched by, which on SQLite have no type; nonces.
  ...(postgresUrl === undefined ? [] : ['listing_terms.value', 'number_epochs.epoch', 'used_numbers.number']),
];

/** Something of every kind that is sealed. */
async function populate() {
  const customer = await createCustomer(app, { roles: ['administrator', 'requester'] });
  const { caller, account } = customer;
  const request = { url: 'https://hooks.example.com/told', events: null, secret: 'the-word' };
  const webhook = await app.ports.webhooks.add(caller, request);
  // What is told stays until its receiver takes it.
  app.hooks.answer(503);
  await insertAuthorityKey(app.context.keySealer);
  await insertAcmeAccount(app.context.keySealer);
  const { order, issuance } = await issue(app, caller, ['made.example'], { csr: { make: 'P-256' } });
  const { key: externalAccountKey, hmacKey } = await app.ports.externalAccountKeys.add(caller, {
    name: 'client',
    productCode: '100',
    coverage: { count: 90, unit: 'days' },
    organization: null,
    settings: {},
  });
  const privateKey = await app.ports.issuances.privateKey(caller, order);
  const keyed = await app.ports.idempotencyKeys.begin(caller, { key: 'k', fingerprint: 'f' });
  assert.ok(keyed.kind === 'held');
  await app.ports.idempotencyKeys.keep(caller, keyed.held, 'the answer');
  return { customer, account, order, issuance, webhook, externalAccountKey, hmacKey, privateKey };
}

/** Of an authority that was being made. */
async function insertAuthorityKey(sealer: KeySealer): Promise<void> {
  const sealed = sealer.seal(Buffer.from('pkcs8'), { kind: 'authorityKey', id: 'ca_1' });
  await app.database.write((tx) => tx.authorities.insertKey('ca_1', sealed, app.clock.now()));
}

/** Of an account at an ACME CA whose key is being changed. */
async function insertAcmeAccount(sealer: KeySealer): Promise<void> {
  const named = { account: 'ca', directory: 'https://ca.example/directory' };
  const seal = (member: Parameters<typeof sealedMember>[1]) =>
    sealer.seal(Buffer.from(member), sealedMember(named, member));
  await app.database.write((tx) =>
    tx.acmeUpstreamAccounts.insert({
      ...named,
      sealedKey: seal('sealedKey'),
      nextSealedKey: seal('nextSealedKey'),
      url: null,
      contacts: [],
      externalKeyId: 'kid-1',
      sealedExternalKey: seal('sealedExternalKey'),
      registeredAt: null,
    }),
  );
}

type Populated = Awaited<ReturnType<typeof populate>>;

/** Every value opens, by the code that uses it. */
async function assertAllOpens({
  customer,
  account,
  order,
  webhook,
  externalAccountKey,
  hmacKey,
  privateKey,
}: Populated) {
  const { context, database } = app;
  assert.deepEqual(Buffer.from(await app.ports.issuances.privateKey(customer.caller, order)), Buffer.from(privateKey));
  const keptWebhook = await database.read.webhooks.get(webhook.id);
  assert.equal(keptWebhook && secretOf(context, keptWebhook), 'the-word');
  const keptKey = await database.read.externalAccountKeys.get(externalAccountKey.id);
  assert.deepEqual(keptKey && Buffer.from(openHmacKey(context, keptKey)), Buffer.from(hmacKey));
  for (const { id, sealed } of await database.read.sealing.page('delivery', '', 100)) {
    if (sealed !== null)
      assert.match(Buffer.from(context.keySealer.open(sealed, { kind: 'delivery', id })).toString(), /body/);
  }
  const repeated = await app.ports.idempotencyKeys.begin(customer.caller, { key: 'k', fingerprint: 'f' });
  assert.equal(repeated.kind === 'answered' && repeated.answer, 'the answer');
  return webhookSecret(context, account.id);
}

/** What lies in the column of each kind. */
async function sealedValues(): Promise<
  readonly { readonly kind: SealedRow; readonly values: readonly Uint8Array[] }[]
> {
  return Promise.all(
    sealedRows.map(async (kind) => ({
      kind,
      values: (await app.database.read.sealing.page(kind, '', 1000)).flatMap(({ sealed }) => sealed ?? []),
    })),
  );
}

/** Columns of texts that the engine keeps as bytes: ids. */
const formedColumns: ReadonlySet<string> = new Set(
  codecs.flatMap(({ table, definitions }) =>
    definitions.flatMap(({ name, form }) => (form === undefined ? [] : [`${table}.${name}`])),
  ),
);

/** The values of every column of bytes that there is, by `table.column`. */
function byteColumns(): ReadonlyMap<string, readonly Uint8Array[]> {
  const path = app.databasePath;
  const columns = queryOutside(
    path,
    postgresUrl === undefined
      ? "SELECT m.name AS t, c.name AS c FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'BLOB' COLLATE NOCASE"
      : "SELECT table_name AS t, column_name AS c FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'bytea'",
  );
  return new Map(
    columns.flatMap(({ t, c }) => {
      if (formedColumns.has(`${t}.${c}`)) return [];
      const rows = queryOutside(path, `SELECT "${c}" AS value FROM "${t}" WHERE "${c}" IS NOT NULL`);
      return [[`${t}.${c}`, rows.flatMap(({ value }) => (value instanceof Uint8Array ? value : []))]];
    }),
  );
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const hex = (values: readonly Uint8Array[]) => values.map((value) => Buffer.from(value).toString('hex')).toSorted();
const rotationOf = async () => (await app.ports.operation.keyEncryption(app.operator)).rotation;

describe('what is sealed', () => {
  it('is every column of bytes but those that hold no secret, each with its kind', async () => {
    app = await startTestApp({ isAlone: true });
    await assertAllOpens(await populate());
    await app.idle();
    const kinds = await sealedValues();
    for (const { kind, values } of kinds) assert.ok(values.length > 0, `there is a value of the kind ${kind}`);
    const unknown: string[] = [];
    for (const [column, values] of byteColumns()) {
      if (plainColumns.includes(column)) {
        assert.ok(
          values.every((value) => sealedUnder(value) !== firstId),
          `${column} holds no sealed value`,
        );
        continue;
      }
      const isKnown = kinds.some((kind) => hex(kind.values).join() === hex(values).join());
      if (!isKnown) unknown.push(column);
    }
    assert.deepEqual(unknown, [], 'a new column of bytes belongs into db/stores/sealing.ts or into the list above');
    assert.equal(byteColumns().size, plainColumns.length + sealedRows.length);
  });

  it('in files is known by the name of the file', () => {
    assert.deepEqual(sealedInFile('server-certificate'), { kind: 'serverCertificate', id: '' });
    assert.equal(sealedInFile('.server-certificate.0123.tmp'), undefined, 'what a crash has left of a write');
  });
});

describe('a rotation of the master key', () => {
  it('seals everything anew, changes nothing that it protects, and retires the former key', async () => {
    app = await startTestApp({ isAlone: true });
    const populated = await populate();
    const before = await assertAllOpens(populated);
    const file = { kind: 'serverCertificate', id: '' } as const;
    const fileSecret = Buffer.from('the certificate of this server');
    fileOf('server-certificate', app.context.keySealer.seal(fileSecret, file));
    await app.ports.operation.rotateMasterKey(app.operator);
    await app.idle();

    const { masterKeyId, rotation, keptIn } = await app.ports.operation.keyEncryption(app.operator);
    assert.notEqual(masterKeyId, firstId);
    assert.equal(keptIn, null);
    assert.ok(rotation);
    assert.ok(rotation.endedAt !== null);
    assert.equal(rotation.toKey, masterKeyId);
    for (const { kind, values } of await sealedValues()) {
      assert.ok(values.length > 0, kind);
      assert.ok(
        values.every((value) => sealedUnder(value) === masterKeyId),
        kind,
      );
    }
    const resealedFile = (await app.context.sealedFiles.read('server-certificate')) ?? new Uint8Array();
    assert.equal(sealedUnder(resealedFile), masterKeyId);
    assert.deepEqual(Buffer.from(app.context.keySealer.open(resealedFile, file)), fileSecret);
    assert.equal(await assertAllOpens(populated), before, 'the account signs with the same secret');
    assert.equal(rotation.resealed, (await sealedValues()).flatMap(({ values }) => values).length + 1);
    assert.deepEqual(app.context.masterKeys.others, []);
    assert.deepEqual(await app.database.read.sealing.masterKeysInUse(), [masterKeyId]);

    const { items } = await app.ports.events.list(app.operator, { limit: 10, subject: masterKeyId });
    assert.deepEqual(
      items.map(({ kind, actor, data }) => [kind, actor, data]),
      [
        ['keyEncryption.rotated', 'system', { from: [firstId], resealed: rotation.resealed, unreadable: 0 }],
        ['keyEncryption.rotationStarted', app.operator.actor, { from: [firstId] }],
      ],
    );
  });

  it('that is asked for twice, at once or while one is under way, is one', async () => {
    app = await startTestApp({ isAlone: true });
    const [one, other] = await Promise.all([
      app.ports.operation.rotateMasterKey(app.operator),
      app.ports.operation.rotateMasterKey(app.operator),
    ]);
    assert.equal(one.masterKeyId, other.masterKeyId);
    await app.idle();
    assert.equal((await rotationOf())?.number, 1);
    const next = await app.ports.operation.rotateMasterKey(app.operator);
    assert.notEqual(next.masterKeyId, one.masterKeyId, 'after it has ended there may be another');
    await app.idle();
    assert.equal((await rotationOf())?.number, 2);
  });

  it('goes on where it was when the server ended in the middle', async () => {
    app = await startTestApp({ isAlone: true });
    const populated = await populate();
    app = await app.restart({ works: false });
    await app.ports.operation.rotateMasterKey(app.operator);
    assert.equal((await rotationOf())?.endedAt, null);
    await assertAllOpens(populated);
    app = await app.restart();
    await openSealing(app.context, []);
    app.context.queue.wake();
    await app.idle();
    const rotation = await rotationOf();
    assert.ok(rotation?.endedAt);
    assert.equal(rotation.number, 1);
    await assertAllOpens(populated);
  });

  it('reaches a key that was sealed before it and is stored after it began', async () => {
    app = await startTestApp({ isAlone: true, works: false });
    const profile = app.context.profiles.get('private-dv');
    assert.ok(profile);
    const key = await subscriberKeyOf(app.context, { make: 'P-256' }, { names: names('late.example'), profile });
    assert.equal(key.sealedKey && sealedUnder(key.sealedKey), firstId);
    const { masterKeyId } = await app.ports.operation.rotateMasterKey(app.operator);
    const stored = storedKey(app.context, key);
    assert.equal(stored && sealedUnder(stored), masterKeyId);
  });

  it('reports a value that opens under no key, leaves it, and ends', async () => {
    app = await startTestApp({ isAlone: true });
    const { customer } = await populate();
    await app.idle();
    const damaged = Uint8Array.from({ length: 60 }, (_, at) => (at === 0 ? 1 : at));
    await app.database.write((tx) => tx.serverSecrets.insert('webhook/acc_damaged', damaged, app.clock.now()));
    await app.ports.operation.rotateMasterKey(app.operator);
    await app.idle();
    const rotation = await rotationOf();
    assert.ok(rotation?.endedAt);
    assert.equal(rotation.unreadable, 1);
    assert.deepEqual(await app.database.read.serverSecrets.get('webhook/acc_damaged'), damaged);
    const told = app.log.lines.filter(({ message }) => /opens under no master key/.test(message));
    assert.match(String(told[0]?.fields.err), /"secret:webhook\/acc_damaged" does not open/);
    assert.ok(await webhookSecret(app.context, customer.account.id));
  });

  it('is refused where nodes share the database: the others would not have the new key', async () => {
    app = await startTestApp({ isAlone: true });
    Object.defineProperty(app.context.database, 'isExclusive', { value: false });
    await assert.rejects(app.ports.operation.rotateMasterKey(app.operator), {
      code: 'wrongState',
      message: /^nodes that share a database have the same master key, .*stop all of them/,
    });
    assert.equal(await rotationOf(), null);
  });

  it('is refused where the operator keeps the key, with what to do instead', async () => {
    app = await startTestApp({ isAlone: true });
    Object.defineProperty(app.context.masterKeys, 'keptIn', { value: 'CERTMUX_MASTER_KEY' });
    await assert.rejects(app.ports.operation.rotateMasterKey(app.operator), {
      code: 'wrongState',
      message: /^the master key is kept in CERTMUX_MASTER_KEY, .*put the present key into CERTMUX_MASTER_KEY_OLD/,
    });
    assert.equal(await rotationOf(), null);
  });
});

describe('a start', () => {
  const secondKey = new Uint8Array(32).fill(8);
  const keysOf = (...keys: readonly [Uint8Array, ...Uint8Array[]]) =>
    createMemoryMasterKeys(createFakeRandomness(9), keys);
  /** As version 0.1 left it: initialized, and without a record of keys and secrets. */
  async function asBefore(): Promise<Customer> {
    app = await startTestApp({ isAlone: true });
    await app.database.write((tx) => tx.settings.put('initialized', {}));
    return createCustomer(app, { roles: ['administrator'] });
  }
  const alias = 'dialect/httpsok/alias';

  it('stores what an older version derived, for every dialect and every account', async () => {
    const { account } = await asBefore();
    await openSealing(app.context, [alias]);
    const master = masterKeyOf(firstKey);
    assert.equal(text(await serverSecret(app.context, alias)), text(formerSecret(master, alias)));
    const expected = text(formerSecret(master, `webhook/${account.id}`));
    assert.equal(await webhookSecret(app.context, account.id), expected);
    assert.deepEqual(await app.database.read.sealing.masterKeysInUse(), [firstId]);

    await app.ports.operation.rotateMasterKey(app.operator);
    await app.idle();
    assert.equal(
      text(await serverSecret(app.context, alias)),
      text(formerSecret(master, alias)),
      'also after a rotation',
    );
    assert.equal(await webhookSecret(app.context, account.id), expected);
  });

  it('derives them from the former key where the key is changed together with the version', async () => {
    await asBefore();
    const { keySealer, masterKeys, sealedFiles } = keysOf(secondKey, firstKey);
    const old = createKeyring([firstKey], createFakeRandomness(3));
    await insertAuthorityKey(old);
    const context = { ...app.context, keySealer, masterKeys, sealedFiles };
    await openSealing(context, [alias]);
    assert.equal(text(await serverSecret(context, alias)), text(formerSecret(masterKeyOf(firstKey), alias)));
    assert.equal((await rotationOf())?.toKey, masterKeyOf(secondKey).id, 'and a rotation is under way');
  });

  it('draws those of a new installation, and later ones, at random', async () => {
    app = await startTestApp({ isAlone: true });
    await openSealing(app.context, [alias]);
    const secret = await serverSecret(app.context, alias);
    assert.notEqual(text(secret), text(formerSecret(masterKeyOf(firstKey), alias)));
    assert.deepEqual(await serverSecret(app.context, alias), secret);
    const [one, other] = await Promise.all(['twice', 'twice'].map((name) => serverSecret(app.context, name)));
    assert.deepEqual(one, other, 'two who ask at once get the same');
  });

  it('with another master key than the data is sealed under is refused, and names the one that is missing', async () => {
    app = await startTestApp({ isAlone: true });
    await openSealing(app.context, []);
    const wrong = { ...app.context, ...keysOf(secondKey) };
    await assert.rejects(openSealing(wrong, []), {
      message: new RegExp(
        `^the data is sealed under the master key ${firstId}, and ${masterKeyOf(secondKey).id} is here: put`,
      ),
    });
    const both = { ...app.context, ...keysOf(secondKey, firstKey) };
    await openSealing(both, []);
    assert.deepEqual(
      await app.database.read.sealing.masterKeysInUse(),
      [firstId, masterKeyOf(secondKey).id].toSorted(),
    );
  });
});

function fileOf(name: string, bytes: Uint8Array): void {
  app.keyFiles.set(name, bytes);
}
