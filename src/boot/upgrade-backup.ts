/**
 * The backup from before an upgrade: migrations only go forward, so it is the way back to the version before. Where it cannot be made
 * the server starts all the same, and says why: an upgrade is one transaction, so without it nothing is lost but the way back.
 */
import { join } from 'node:path';
import { makeBackup } from '../backup/make.ts';
import type { ConfigFile } from '../config/schema.ts';
import { upgradeBackupName } from '../db/migrate.ts';
import { isServer } from '../db/open.ts';
import type { Clock, Log } from '../domain/ports/system.ts';
import { readEnvironment } from '../system/index.ts';
import type { DataDirectory } from './data-directory.ts';
import { version } from './version.ts';

interface Surroundings {
  readonly config: ConfigFile;
  readonly data: DataDirectory;
  readonly clock: Clock;
  readonly log: Log;
}

export function backUpBeforeUpgrade({ config, data, clock, log }: Surroundings) {
  const from = config.database ?? data.databasePath;
  return async (pending: readonly string[]): Promise<void> => {
    const [first = ''] = pending;
    if (isServer(from)) {
      log.warn({ migrations: pending }, 'the database is upgraded; the way back is a dump that you made before');
      return;
    }
    const file = join(config.dataDirectory, upgradeBackupName(first));
    try {
      await makeBackup({
        from,
        to: file,
        // Of an upgrade that did not come to its end: the database is as it was.
        replaces: true,
        version,
        masterKeyValues: null,
        processId: readEnvironment().processId,
        now: () => clock.now(),
        signal: new AbortController().signal,
      });
      log.warn(
        { file, migrations: pending },
        'the database is upgraded; this backup is the way back, delete it when you need it no more',
      );
    } catch (err) {
      log.warn(
        { err, migrations: pending },
        'the database is upgraded without a backup from before it, which could not be made',
      );
    }
  };
}
