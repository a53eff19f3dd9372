/**
 * When the last backup was made. The command that makes it leaves the time in the data directory, since only the server may write its
 * database; the server takes it over, for the alarm of an old backup and for the metric.
 */
import { join } from 'node:path';
import { lastBackupKey, lastBackupOf } from '../domain/backup.ts';
import type { Database } from '../domain/ports/stores/index.ts';
import type { Clock, Log } from '../domain/ports/system.ts';
import { readFileIfPresent, writeFileAtomically } from '../system/index.ts';

const fileName = 'last-backup';
const lookEveryMs = 60_000;

/** @param madeAt ISO 8601 */
export async function noteBackup(folder: string, madeAt: string): Promise<void> {
  // Whoever makes backups may be another user than the server.
  await writeFileAtomically(join(folder, fileName), `${madeAt}\n`, { mode: 0o644 });
}

export interface BackupWatch {
  stop(): Promise<void>;
}

/** Looks for newer backups for as long as the server runs. */
export function watchBackups(
  folder: string,
  { database, clock, log }: { readonly database: Database; readonly clock: Clock; readonly log: Log },
): BackupWatch {
  const stopped = new AbortController();

  async function look(): Promise<void> {
    const bytes = await readFileIfPresent(join(folder, fileName));
    const found = bytes && lastBackupOf({ at: new TextDecoder().decode(bytes).trim() });
    // A restored folder has neither the file nor the time of its own backup.
    if (found === undefined) return;
    const kept = lastBackupOf(await database.read.settings.get(lastBackupKey));
    if (kept !== undefined && kept >= found) return;
    await database.write((tx) => tx.settings.put(lastBackupKey, { at: found.toISOString() }));
  }

  async function watch(): Promise<void> {
    while (!stopped.signal.aborted) {
      await look().catch((err: unknown) => log.error({ err }, 'the time of the last backup cannot be taken over'));
      // The sleep rejects when the server stops.
      await clock.sleep(lookEveryMs, stopped.signal).catch(() => undefined);
    }
  }
  const watching = watch();

  return {
    async stop() {
      stopped.abort();
      await watching;
    },
  };
}
