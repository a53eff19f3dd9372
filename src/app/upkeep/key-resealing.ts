/**
 * Seals everything again under the current master key, while the server works: column by column, a page at a time, then
 * the files. Each page is a short transaction that also stores how far it came, so that a crash repeats nothing and loses
 * nothing. Passes follow each other until one has found nothing under another key; only then are the others retired.
 */
import type { JobHandler } from '../../domain/ports/jobs.ts';
import {
  type KeySealer,
  type SealedObject,
  type SealedRow,
  sealedInFile,
  sealedRows,
} from '../../domain/ports/key-sealer.ts';
import type { KeyRotation } from '../../domain/ports/master-keys.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';

/** About a millisecond of a transaction, and of everybody who shares its commit. */
const rowsAtOnce = 100;
/** A run ends after this time and continues with the next, long before it would count as stuck. */
const runMs = 10_000;
const files = 'files';

/** There is one job of the kind, so that nobody else moves the rotation on. */
export function createResealHandler(context: AppContext): JobHandler {
  const { database, masterKeys, clock } = context;
  return async (_, signal) => {
    // Values sealed before the new key began to seal were sealed in a transaction that began before this one.
    await database.write(async () => undefined);
    const beganMs = clock.monotonicMs();
    while (clock.monotonicMs() - beganMs < runMs) {
      signal.throwIfAborted();
      const rotation = await database.read.sealing.newestRotation();
      if (rotation === undefined || rotation.endedAt !== null) return { kind: 'done' };
      // It was begun, and its key does not seal yet.
      if (rotation.toKey !== masterKeys.current) break;
      if (await step(context, rotation)) return { kind: 'done' };
    }
    return { kind: 'again', at: clock.now() };
  };
}

/** @returns whether the rotation is over */
async function step(context: AppContext, rotation: KeyRotation): Promise<boolean> {
  const kind = sealedRows.find((known) => known === rotation.kind);
  if (kind !== undefined) {
    await resealPage(context, rotation, kind);
    return false;
  }
  const passed = await resealFiles(context, rotation);
  if (passed.found === 0) return finish(context, passed);
  const next = { ...passed, kind: sealedRows[0], after: '', found: 0, unreadable: 0 };
  await context.database.write((tx) => tx.sealing.putRotation(next));
  return false;
}

async function resealPage({ database, keySealer, log }: AppContext, rotation: KeyRotation, kind: SealedRow) {
  const unreadable = await database.write(async (tx) => {
    const page = await tx.sealing.page(kind, rotation.after, rowsAtOnce);
    const failed: unknown[] = [];
    let found = 0;
    for (const { id, sealed } of page) {
      if (sealed === null) continue;
      const renewed = renew(keySealer, sealed, { kind, id }, failed);
      if (renewed === sealed) continue;
      await tx.sealing.replace(kind, id, renewed);
      found++;
    }
    const last = page.length === rowsAtOnce ? page.at(-1) : undefined;
    const place = last === undefined ? { kind: kindAfter(kind), after: '' } : { kind, after: last.id };
    await tx.sealing.putRotation({
      ...rotation,
      ...place,
      found: rotation.found + found,
      resealed: rotation.resealed + found,
      examined: rotation.examined + page.length,
      unreadable: rotation.unreadable + failed.length,
    });
    return failed;
  });
  for (const err of unreadable)
    log.error({ err, kind }, 'a sealed value opens under no master key and is left as it is');
}

function kindAfter(kind: SealedRow): string {
  return sealedRows[sealedRows.indexOf(kind) + 1] ?? files;
}

async function resealFiles({ sealedFiles, keySealer, log }: AppContext, rotation: KeyRotation): Promise<KeyRotation> {
  let found = 0;
  const failed: unknown[] = [];
  const names = await sealedFiles.names();
  for (const name of names) {
    const object = sealedInFile(name);
    if (object === undefined) continue;
    if (await sealedFiles.replace(name, (sealed) => renew(keySealer, sealed, object, failed))) found++;
  }
  for (const err of failed) log.error({ err }, 'a sealed file opens under no master key and is left as it is');
  return {
    ...rotation,
    found: rotation.found + found,
    resealed: rotation.resealed + found,
    examined: rotation.examined + names.length,
    unreadable: rotation.unreadable + failed.length,
  };
}

/** The value itself where it is sealed as it should be, or opens under no key: that is reported, and holds nothing up. */
function renew(keySealer: KeySealer, sealed: Uint8Array, object: SealedObject, failed: unknown[]): Uint8Array {
  try {
    return keySealer.renew(sealed, object);
  } catch (error) {
    failed.push(error);
    return sealed;
  }
}

/** The rows first, then the files of the keys: a crash in between leaves a key too many, which the next start retires. */
async function finish(context: AppContext, rotation: KeyRotation): Promise<boolean> {
  const { database, masterKeys, clock, log } = context;
  const { toKey, resealed, unreadable } = rotation;
  const from = masterKeys.others;
  await database.write((tx) => recordEnd(tx, rotation, { from, now: clock.now() }));
  const retired = await masterKeys.retireOthers();
  log.info({ from, to: toKey, resealed, unreadable, retired }, 'everything is sealed under the new master key');
  if (masterKeys.othersKeptIn.length > 0) {
    log.warn(
      { settings: masterKeys.othersKeptIn },
      'the former master key is not needed any more: take it out of the settings',
    );
  }
  return true;
}

async function recordEnd(
  tx: Stores,
  rotation: KeyRotation,
  { from, now }: { readonly from: readonly string[]; readonly now: Date },
): Promise<void> {
  const { toKey, resealed, unreadable } = rotation;
  await tx.sealing.retireMasterKeysBut(toKey, now);
  await tx.sealing.putRotation({ ...rotation, endedAt: now });
  await tx.events.append({
    kind: 'keyEncryption.rotated',
    accountId: null,
    actor: 'system',
    subject: toKey,
    data: { from, resealed, unreadable },
    requestId: null,
    at: now,
  });
}
