/**
 * Transactions as the app has them, on the real stores, each with what it saw and what it added. Together they are in each other's way in
 * every manner that there is: they change what others have read, add to what others have counted, and decide by what is absent.
 */
import type { Account } from '../../../src/domain/account.ts';
import type { Issuance } from '../../../src/domain/issuance.ts';
import type { Order } from '../../../src/domain/order.ts';
import type { Stores, WriteOptions } from '../../../src/domain/ports/stores/index.ts';
import { at, id, insertOrder, later, newCertificate, type World } from '../../db/fixtures.ts';
import type { Fact, RecordedRead, RunRecorder } from './history.ts';

/** What the works share. Few of each, so that they meet. */
export interface Stage {
  /** Before the names of its settings, which other histories have as well. */
  readonly prefix: string;
  readonly worlds: readonly World[];
  /** Orders that notes are written to. */
  readonly orders: readonly Order[];
  /** Each is to have one certificate. */
  readonly issuances: readonly Issuance[];
  readonly keyHashes: readonly string[];
}

export interface WorkContext {
  readonly stage: Stage;
  /** Unique, and the beginning of the facts that the work adds. */
  readonly name: string;
  /** One of the list, by the seed. The same in every run of the work. */
  choose<T>(place: string, list: readonly T[]): T;
  /** Lets others get on, for as long as the seed says. */
  pause(): Promise<void>;
}

export interface Work {
  readonly options?: WriteOptions;
  run(tx: Stores, recorder: RunRecorder): Promise<void>;
}

/** At most so many orders of an account wait. */
export const mostWaiting = 4;

const all = { limit: 1000 } as const;

export const works = {
  /** Lost update: a value is read, and written back with something added. */
  changeSetting({ stage, name, choose, pause }) {
    const key = stage.prefix + choose('setting', ['one', 'two', 'three']);
    return {
      async run(tx, recorder) {
        const facts = await readSetting(tx, key);
        recorder.saw(`setting ${key}`, facts);
        await pause();
        await tx.settings.put(key, [...facts, name]);
        recorder.adds(`setting ${key}`, name);
      },
    };
  },

  /** Write skew: each may leave only while another stays. */
  leaveShift({ stage, name, choose, pause }) {
    const sides = [`${stage.prefix}left`, `${stage.prefix}right`] as const;
    const own = choose('side', sides);
    const others = own === sides[0] ? sides[1] : sides[0];
    return {
      async run(tx, recorder) {
        recorder.saw(`setting ${others}`, await readSetting(tx, others));
        const there = await readSetting(tx, own);
        recorder.saw(`setting ${own}`, there);
        await pause();
        await tx.settings.put(own, [...there, name]);
        recorder.adds(`setting ${own}`, name);
      },
    };
  },

  /** Phantom: who counts what is there, and adds to it. */
  addContainer({ stage, name, choose, pause }) {
    const { account } = choose('account', stage.worlds);
    return {
      async run(tx, recorder) {
        const containers = await tx.containers.list(account.id);
        recorder.saw(
          `containers ${account.number}`,
          containers.map((container) => container.name),
        );
        await pause();
        await insertContainer(tx, account, { name, description: String(containers.length) });
        recorder.adds(`containers ${account.number}`, name);
      },
    };
  },

  /** The balance: charged where there is enough, by whoever has read it. */
  charge({ stage, name, choose, pause }) {
    const { account } = choose('account', stage.worlds);
    return {
      ...(choose('announced', [true, false]) ? { options: { chargesAccount: account.id } } : {}),
      async run(tx, recorder) {
        const before = await readLedger(tx, account);
        recorder.saw(`ledger ${account.number}`, before);
        await pause();
        if ((await tx.ledger.balance(account.id)) < 7) return;
        const entry = {
          id: id('ledgerEntry'),
          accountId: account.id,
          kind: 'charge',
          amountMinor: -7,
          currency: account.currency,
          orderId: null,
          note: name,
          at,
        } as const;
        if ((await tx.ledger.append(entry)) !== undefined) recorder.adds(`ledger ${account.number}`, name);
      },
    };
  },

  /** The limit of what waits: an order is taken only while fewer do. */
  placeWithinLimit({ stage, name, choose, pause }) {
    const world = choose('account', stage.worlds);
    const object = `waiting ${world.account.number}`;
    return {
      async run(tx, recorder) {
        const { orders } = await tx.issuances.countAwaiting(world.account.id);
        recorder.saw(object, await readWaiting(tx, world.account));
        await pause();
        if (orders >= mostWaiting) return;
        await insertOrder(tx, world, [`${name}.example`], { alternativeReference: name });
        recorder.adds(object, name);
      },
    };
  },

  /** A repeated request: one order for each key, whoever comes first. */
  placeOnce({ stage, name, choose, pause }) {
    const world = choose('account', stage.worlds);
    const key = choose('key', ['aa', 'bb', 'cc', 'dd']).repeat(16);
    const object = `key ${world.account.number} ${key.slice(0, 2)}`;
    return {
      async run(tx, recorder) {
        const claim = { accountId: world.account.id, key, fingerprint: key, objectId: name, now: at };
        const earlier = await tx.idempotency.claim({ ...claim, expiresAt: later(3600) });
        recorder.saw(object, earlier === undefined ? [] : [earlier.objectId]);
        await pause();
        if (earlier === undefined) recorder.adds(object, name);
      },
    };
  },

  /** One certificate for each issuance. */
  issue({ stage, name, choose, pause }) {
    const issuance = choose('issuance', stage.issuances);
    return {
      async run(tx, recorder) {
        const certificates = await readCertificates(tx, issuance);
        recorder.saw(`certificates ${issuance.number}`, certificates);
        await pause();
        if (certificates.length > 0) return;
        const certificate = await tx.certificates.insert(newCertificate(issuance, { names: [name] }));
        recorder.adds(`certificates ${issuance.number}`, name);
        await tx.issuances.move(issuance.id, ['ready', 'issuing'], 'issued', { certificateId: certificate.id });
      },
    };
  },

  /** A key that is blocked has no certificate afterwards: who issues looks for the block, and who blocks for certificates. */
  issueForKey({ stage, name, choose, pause }) {
    const keyHash = choose('key', stage.keyHashes);
    const issuance = choose('issuance', stage.issuances);
    return {
      async run(tx, recorder) {
        const blocked = await tx.blockedKeys.findApplying(
          { fingerprints: [keyHash], modulusHash: null },
          issuance.accountId,
        );
        recorder.saw(`block ${keyHash.slice(0, 16)}`, blocked === undefined ? [] : [blocked.note]);
        await pause();
        if (blocked !== undefined) return;
        await tx.certificates.insert(newCertificate(issuance, { names: [name], keyHash, isWithheld: true }));
        recorder.adds(`of key ${keyHash.slice(0, 16)}`, name);
      },
    };
  },

  blockKey({ stage, name, choose, pause }) {
    const keyHash = choose('key', stage.keyHashes);
    return {
      async run(tx, recorder) {
        const certificates = await tx.certificates.list({ ...all, accountId: null, keyHash });
        recorder.saw(
          `of key ${keyHash.slice(0, 16)}`,
          certificates.map(({ names }) => String(names[0])),
        );
        await pause();
        const block = await tx.blockedKeys.insert({
          fingerprint: keyHash,
          modulusHash: null,
          accountId: null,
          source: 'decision',
          actor: 'system',
          note: name,
          certificateId: null,
          createdAt: at,
        });
        if (block === undefined) return;
        recorder.adds(`block ${keyHash.slice(0, 16)}`, name);
        for (const { id: certificate } of certificates) {
          await tx.certificates.moveToRevoked(certificate, at, 'keyCompromise');
        }
      },
    };
  },

  /** Coverage: each extends it from what it has read. A note says who did. */
  extendCoverage({ stage, name, choose, pause }) {
    const order = choose('order', stage.orders);
    return {
      async run(tx, recorder) {
        const now = await tx.orders.get(order.id);
        const until = now?.coverageUntil ?? at;
        recorder.saw(`notes ${order.number}`, await readNotes(tx, order));
        await pause();
        const coverageUntil = new Date(until.getTime() + dayMs);
        if (!(await tx.orders.move(order.id, ['active'], 'active', { coverageUntil }))) return;
        await tx.notes.insert({
          id: id('note'),
          orderId: order.id,
          author: id('credential'),
          text: name,
          createdAt: at,
        });
        recorder.adds(`notes ${order.number}`, name);
      },
    };
  },

  /** Adds to two objects, of which nobody may see one without the other. */
  addPair({ stage, name, pause }) {
    return {
      async run(tx, recorder) {
        for (const [place, { account }] of stage.worlds.entries()) {
          const fact = `${name} ${place}`;
          await insertContainer(tx, account, { name: fact, description: fact });
          recorder.adds(`containers ${account.number}`, fact);
          await pause();
        }
      },
    };
  },

  lookAtPairs({ stage, pause }) {
    return {
      async run(tx, recorder) {
        for (const { account } of stage.worlds) {
          recorder.saw(
            `containers ${account.number}`,
            (await tx.containers.list(account.id)).map(({ name }) => name),
          );
          await pause();
        }
      },
    };
  },

  /** Only reads, of several objects: what it saw of them must fit together. */
  look({ stage, choose, pause }) {
    const { account } = choose('account', stage.worlds);
    const order = choose('order', stage.orders);
    return {
      async run(tx, recorder) {
        for (const key of settingsOf(stage)) {
          recorder.saw(`setting ${key}`, await readSetting(tx, key));
          await pause();
        }
        recorder.saw(`ledger ${account.number}`, await readLedger(tx, account));
        recorder.saw(`notes ${order.number}`, await readNotes(tx, order));
      },
    };
  },
} satisfies Readonly<Record<string, (context: WorkContext) => Work>>;

export const dayMs = 86_400_000;

const settingsOf = ({ prefix }: Stage) => ['one', 'two', 'three', 'left', 'right'].map((name) => prefix + name);

async function insertContainer(
  tx: Stores,
  { id: accountId }: Account,
  { name, description }: { readonly name: string; readonly description: string },
): Promise<void> {
  const container = { id: id('container'), accountId, parentId: null, name, description } as const;
  await tx.containers.insert({ ...container, state: 'active', allowedNames: null, createdAt: at });
}

async function readSetting(tx: Stores, key: string): Promise<readonly Fact[]> {
  const value = await tx.settings.get(key);
  return Array.isArray(value) ? value.map(String) : [];
}

async function readLedger(tx: Stores, { id: account }: Account): Promise<readonly Fact[]> {
  return (await tx.ledger.list(account, all)).filter(({ kind }) => kind === 'charge').map(({ note }) => note);
}

async function readWaiting(tx: Stores, { id: accountId }: Account): Promise<readonly Fact[]> {
  const orders = await tx.orders.list({ ...all, accountId, state: 'open' });
  return orders.map(({ alternativeReference }) => String(alternativeReference));
}

async function readCertificates(tx: Stores, { orderId }: Issuance): Promise<readonly Fact[]> {
  const found = await tx.certificates.list({ ...all, accountId: null, orderId, withheld: false });
  return found.map(({ names }) => String(names[0]));
}

async function readNotes(tx: Stores, { id: order }: Order): Promise<readonly Fact[]> {
  return (await tx.notes.listOfOrder(order)).map(({ text }) => text);
}

/** Everything that is there after the works. */
export async function readEnd(read: Stores, stage: Stage): Promise<readonly RecordedRead[]> {
  const found: RecordedRead[] = [];
  const saw = (object: string, facts: readonly Fact[]) => found.push({ object, facts: new Set(facts) });
  for (const key of settingsOf(stage)) saw(`setting ${key}`, await readSetting(read, key));
  for (const { account } of stage.worlds) {
    const containers = await read.containers.list(account.id);
    saw(
      `containers ${account.number}`,
      containers.map(({ name }) => name),
    );
    saw(`ledger ${account.number}`, await readLedger(read, account));
    saw(`waiting ${account.number}`, await readWaiting(read, account));
  }
  for (const order of stage.orders) saw(`notes ${order.number}`, await readNotes(read, order));
  for (const issuance of stage.issuances) {
    saw(`certificates ${issuance.number}`, await readCertificates(read, issuance));
  }
  for (const keyHash of stage.keyHashes) {
    const certificates = await read.certificates.list({ ...all, accountId: null, keyHash });
    saw(
      `of key ${keyHash.slice(0, 16)}`,
      certificates.map(({ names }) => String(names[0])),
    );
    const block = await read.blockedKeys.get(keyHash, null);
    saw(`block ${keyHash.slice(0, 16)}`, block === undefined ? [] : [block.note]);
  }
  return found;
}
