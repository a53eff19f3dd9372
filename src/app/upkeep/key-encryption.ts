/**
 * The change from one master key to the next: when it begins, by an operator's wish or because the operator handed two keys
 * in, and what is seen of it. `key-resealing.ts` does the work.
 */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import { sealedRows } from '../../domain/ports/key-sealer.ts';
import type { KeyRotation } from '../../domain/ports/master-keys.ts';
import type { Operation } from '../../domain/ports/operation.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';
import { adoptFormerSecrets } from './server-secrets.ts';

type Context = Pick<AppContext, 'database' | 'clock' | 'random' | 'keySealer' | 'masterKeys'>;

export function createKeyEncryption(context: AppContext): Pick<Operation, 'keyEncryption' | 'rotateMasterKey'> {
  const { database, masterKeys, clock, queue } = context;
  const { sealing } = database.read;
  let starting: Promise<void> | undefined;

  async function seen() {
    const rotation = (await sealing.newestRotation()) ?? null;
    return { masterKeyId: masterKeys.current, keptIn: masterKeys.keptIn, rotation };
  }

  /** Nothing is sealed under the new key before its file and its row are durable. */
  async function start(caller: Caller): Promise<void> {
    const newest = await sealing.newestRotation();
    if (newest === undefined || newest.endedAt !== null) {
      if (!database.isExclusive) throw refuse('masterKeyOfNodes', {});
      if (masterKeys.keptIn !== null) throw refuse('masterKeyKeptElsewhere', { setting: masterKeys.keptIn });
      await masterKeys.retireOthers();
      const toKey = await masterKeys.prepareNext();
      await database.write((tx) => begin(tx, { toKey, from: [masterKeys.current], caller, now: clock.now() }));
      masterKeys.switchToNext();
    }
    await database.write((tx) => tx.jobs.enqueue({ kind: 'reseal', subject: 'all', runAt: clock.now() }));
    queue.wake();
  }

  return {
    async keyEncryption() {
      return seen();
    },

    async rotateMasterKey(caller) {
      // Another request meanwhile gets the same rotation.
      starting ??= start(caller).finally(() => {
        starting = undefined;
      });
      await starting;
      return seen();
    },
  };
}

/**
 * Before anything is opened: every key that something may be sealed under must be here; the key that seals is recorded before
 * it does; what an older server derived is stored; and where several keys were handed in, or an earlier process was killed in
 * the middle, a rotation is under way.
 * @param secretNames of every dialect, see `adoptFormerSecrets`
 * @throws {Error} naming the key that is missing
 */
export async function openSealing(context: Context, secretNames: readonly string[]): Promise<void> {
  const { database, masterKeys, clock } = context;
  const { read } = database;
  const isNew = (await read.settings.get('initialized')) === undefined;
  const recorded = await read.sealing.masterKeysInUse();
  const former = recorded.length > 0 || isNew ? null : await formerKeyId(context);
  requireKeys(context, former === null ? recorded : [former]);
  await database.write(async (tx) => {
    for (const id of [masterKeys.current, ...(former === null ? [] : [former])]) {
      await tx.sealing.putMasterKeyInUse(id, clock.now());
    }
  });
  await adoptFormerSecrets(context, { keyId: former, names: secretNames });
  if (masterKeys.others.length === 0) return;
  await database.write(async (tx) => {
    const newest = await tx.sealing.newestRotation();
    const toKey = masterKeys.current;
    if (newest === undefined || newest.endedAt !== null || newest.toKey !== toKey) {
      await begin(tx, { toKey, from: masterKeys.others, caller: null, now: clock.now() });
    }
    await tx.jobs.enqueue({ kind: 'reseal', subject: 'all', runAt: clock.now() });
  });
}

/** For a server that kept no record: the key that opens the keys of the authorities. */
async function formerKeyId({ masterKeys, database }: Context): Promise<string> {
  const [key] = await database.read.sealing.page('authorityKey', '', 1);
  return key?.sealed ? masterKeys.idOf(key.sealed, { kind: 'authorityKey', id: key.id }) : masterKeys.current;
}

function requireKeys({ masterKeys }: Context, needed: readonly string[]): void {
  const here = [masterKeys.current, ...masterKeys.others];
  const missing = needed.filter((id) => !here.includes(id));
  if (missing.length === 0) return;
  throw refuse('masterKeyDoesNotFit', {
    ids: missing.join(' and '),
    found: here.join(' and '),
    place: masterKeys.keptIn ?? 'master.key',
  });
}

async function begin(
  tx: Stores,
  input: {
    readonly toKey: string;
    readonly from: readonly string[];
    /** Null: the server itself. */
    readonly caller: Caller | null;
    readonly now: Date;
  },
): Promise<void> {
  const { toKey, from, caller, now } = input;
  const before = await tx.sealing.newestRotation();
  const rotation: KeyRotation = {
    number: (before?.number ?? 0) + 1,
    toKey,
    startedAt: now,
    endedAt: null,
    resealed: 0,
    examined: 0,
    unreadable: 0,
    found: 0,
    kind: sealedRows[0],
    after: '',
  };
  await tx.sealing.putMasterKeyInUse(toKey, now);
  await tx.sealing.putRotation(rotation);
  await tx.events.append({
    kind: 'keyEncryption.rotationStarted',
    accountId: null,
    actor: caller?.actor ?? 'system',
    subject: toKey,
    data: { from },
    requestId: caller?.requestId ?? null,
    at: now,
  });
}
