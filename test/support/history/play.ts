/** Plays a history: works chosen by a seed, many at once on several nodes, and what is wrong with what came out. */
import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { CertError } from '../../../src/domain/errors.ts';
import type { Issuance } from '../../../src/domain/issuance.ts';
import type { Order } from '../../../src/domain/order.ts';
import type { Database, Stores } from '../../../src/domain/ports/stores/index.ts';
import { at, id, insertOrder, insertWorld, newAccount, type World } from '../../db/fixtures.ts';
import { type History, type RecordedTransaction, RunRecorder } from './history.ts';
import { anomaliesOf } from './serializability.ts';
import { dayMs, mostWaiting, readEnd, type Stage, type Work, type WorkContext, works } from './works.ts';

export interface Play {
  readonly seed: number;
  readonly works: number;
  /** By default all. */
  readonly kinds?: readonly (keyof typeof works)[];
  /** The planted fault: every transaction runs at READ COMMITTED. */
  readonly isReadCommitted?: boolean;
}

export interface Played {
  readonly committed: number;
  /** Runs that were undone and begun again. */
  readonly repeated: number;
  /** Given up after all runs, with a refusal to the caller. */
  readonly refused: number;
  /** What no order of the transactions explains, and what must never be whatever the order; empty: nothing. */
  readonly faults: readonly string[];
}

/** Works at once on each node. */
const clientsOfNode = 12;
/** Turns of the event loop between two statements of a work. */
const mostTurns = 12;
const openingMinor = 200;
/** Each is blocked once: enough that one is blocked while a certificate for it is on its way. */
const keys = 20;

/** @param nodes the same database, opened several times */
export async function play(
  nodes: readonly Database[],
  { seed, works: count, kinds = everyKind, isReadCommitted }: Play,
): Promise<Played> {
  const [first] = nodes;
  if (first === undefined) throw new Error('a history is played on a node or more');
  const stage = await first.write(setUp);
  const transactions: RecordedTransaction[] = [];
  let repeated = 0;
  let next = 0;

  async function perform(node: Database, name: string, work: Work): Promise<void> {
    let recorder = new RunRecorder();
    let runs = 0;
    const options = isReadCommitted === true ? { onlyClaims: true } : work.options;
    const isCommitted = await node
      .write(async (tx) => {
        recorder = new RunRecorder();
        runs++;
        await work.run(tx, recorder);
      }, options)
      .then(
        () => true,
        (error: unknown) => {
          // Too many were in its way: the caller is told that nothing was stored.
          if (error instanceof CertError && error.reason.key === 'databaseBusy') return false;
          throw error;
        },
      );
    repeated += runs - 1;
    transactions.push({ name, isCommitted, reads: recorder.reads, additions: recorder.additions });
  }

  async function client(node: Database): Promise<void> {
    for (let number = next++; number < count; number = next++) {
      const { name, work } = workOf({ stage, kinds, seed, number });
      await perform(node, name, work);
    }
  }

  await Promise.all(nodes.flatMap((node) => Array.from({ length: clientsOfNode }, () => client(node))));
  const history: History = { transactions, end: await readEnd(first.read, stage) };
  const committed = transactions.filter((one) => one.isCommitted).length;
  const faults = [...anomaliesOf(history), ...(await violationsOf(first.read, stage))];
  return { committed, repeated, refused: transactions.length - committed, faults };
}

async function setUp(tx: Stores): Promise<Stage> {
  const worlds: World[] = [];
  const orders: Order[] = [];
  const issuances: Issuance[] = [];
  for (let i = 0; i < 2; i++) {
    const { product } = await insertWorld(tx);
    const world = { account: await tx.accounts.insert(newAccount()), product };
    worlds.push(world);
    const opening = { amountMinor: openingMinor, currency: world.account.currency, orderId: null, note: 'opening', at };
    await tx.ledger.append({ id: id('ledgerEntry'), accountId: world.account.id, kind: 'credit', ...opening });
    for (let j = 0; j < 3; j++) {
      const { order, issuance } = await insertOrder(tx, world, [`stage${i}${j}.example`]);
      if (!(await tx.issuances.move(issuance.id, ['awaitingValidation'], 'ready'))) throw new Error('it was not ready');
      if (!(await tx.orders.move(order.id, ['open'], 'active', { coverageUntil: at })))
        throw new Error('it was not open');
      orders.push(order);
      issuances.push(issuance);
    }
  }
  const prefix = `${orders[0]?.number} `;
  const keyHashes = Array.from({ length: keys }, (_, i) => hash('sha256', `${prefix} key ${i}`));
  return { prefix, worlds, orders, issuances, keyHashes };
}

interface Chosen {
  readonly stage: Stage;
  readonly kinds: readonly (keyof typeof works)[];
  readonly seed: number;
  readonly number: number;
}

const everyKind: NonNullable<Play['kinds']> = Object.keys(works) as (keyof typeof works)[];

/** The same for a seed, however its runs meet. */
function workOf({ stage, kinds, seed, number }: Chosen): { readonly name: string; readonly work: Work } {
  const numberFor = (place: string) => Number.parseInt(hash('sha256', `${seed} ${number} ${place}`).slice(0, 8), 16);
  const kind = kinds[numberFor('kind') % kinds.length];
  if (kind === undefined) throw new Error('there are no works');
  const create: (context: WorkContext) => Work = works[kind];
  const name = `${kind} ${number}`;
  let pauses = 0;
  const context: WorkContext = {
    stage,
    name,
    choose(place, list) {
      const chosen = list[numberFor(place) % list.length];
      if (chosen === undefined) throw new Error(`nothing to choose for ${place}`);
      return chosen;
    },
    async pause() {
      for (let turns = numberFor(`pause ${pauses++}`) % mostTurns; turns > 0; turns--) await setImmediate();
    },
  };
  return { name, work: create(context) };
}

/** What must hold whatever the order was. */
async function violationsOf(read: Stores, stage: Stage): Promise<readonly string[]> {
  const found: string[] = [];
  const check = (isRight: boolean, sentence: string) => {
    if (!isRight) found.push(sentence);
  };
  const numbers: number[] = [];
  for (const { account } of stage.worlds) {
    const lines = await read.ledger.list(account.id, { limit: 1000 });
    const balance = await read.ledger.balance(account.id);
    const sum = lines.reduce((total, { amountMinor }) => total + amountMinor, 0);
    check(
      balance === sum && balance >= 0,
      `the balance of account ${account.number} is ${balance}, its lines give ${sum}`,
    );
    const { orders } = await read.issuances.countAwaiting(account.id);
    check(orders <= mostWaiting, `${orders} orders of account ${account.number} wait, of ${mostWaiting} at most`);
    const containers = await read.containers.list(account.id);
    numbers.push(...containers.map(({ number }) => number));
    const counts = new Set(containers.map(({ description }) => description));
    check(counts.size === containers.length, `two containers of account ${account.number} were counted as the same`);
  }
  check(new Set(numbers).size === numbers.length, 'a number was drawn twice');
  for (const { id: order, number } of stage.orders) {
    const days = ((await read.orders.get(order))?.coverageUntil?.getTime() ?? 0) - at.getTime();
    const notes = await read.notes.listOfOrder(order);
    check(
      days === notes.length * dayMs,
      `order ${number} is covered for ${days / dayMs} days, and was extended ${notes.length} times`,
    );
  }
  for (const keyHash of stage.keyHashes) {
    if ((await read.blockedKeys.get(keyHash, null)) === undefined) continue;
    const certificates = await read.certificates.list({ accountId: null, keyHash, limit: 1000 });
    const valid = certificates.filter(({ state }) => state === 'valid').length;
    check(valid === 0, `${valid} certificates of a blocked key are valid`);
  }
  return found;
}
