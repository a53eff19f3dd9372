/** `certmux backup`, `restore`, `verify` and `database restored` in this process, with their steps shown as they are done. */
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeBackup } from '../backup/make.ts';
import { hashOfFile, readManifest } from '../backup/manifest.ts';
import { markRestored } from '../backup/mark.ts';
import { restoreBackup } from '../backup/restore.ts';
import { type CheckName, checkNames, runCheck } from '../backup/verify.ts';
import { type BackupWords, backupWords } from '../cli/backup-words.ts';
import type { DataOptions, LocalCommands, VerifyResult } from '../cli/local.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { ConfigFile } from '../config/schema.ts';
import { withoutPassword } from '../db/engine/postgres/address.ts';
import { openPostgresToCheck } from '../db/engine/postgres/checked.ts';
import { openSqliteToCheck } from '../db/engine/sqlite/checked.ts';
import { isServer } from '../db/open.ts';
import { type Reason, refuse, renderReason } from '../domain/errors.ts';
import { createKeyring } from '../pki/key-sealer.ts';
import { masterKeyOf } from '../pki/seal.ts';
import { listenForInterruption } from '../quickstart/interruption.ts';
import { createProgress, type Progress, StepError } from '../quickstart/progress.ts';
import type { Environment } from '../system/index.ts';
import { databaseName } from './data-directory.ts';
import { keysOfEnvironment } from './environment-keys.ts';
import { noteBackup } from './last-backup.ts';
import { type FoundMasterKey, findMasterKeys, readMasterKeyFile } from './master-keys.ts';
import { version } from './version.ts';

export interface Surroundings {
  readonly terminal: Terminal;
  readonly environment: Environment;
  /** Of a path as it was written on the command line. */
  readonly pathOf: (path: string) => string;
  readonly readConfig: (options: DataOptions) => Promise<ConfigFile>;
}

type BackupCommands = Pick<LocalCommands, 'backup' | 'restore' | 'verify' | 'markRestored'>;

export function createBackupCommands(surroundings: Surroundings): BackupCommands {
  const { terminal, environment, pathOf, readConfig } = surroundings;
  const words = backupWords[terminal.language];
  const steps = (json: true | undefined) => (json === true ? silentProgress : createProgress(terminal));
  const since = (startedMs: number) => Math.round((terminal.clock.monotonicMs() - startedMs) / 100) / 10;

  async function timed<T>(work: (signal: AbortSignal, startedMs: number) => Promise<T>): Promise<T> {
    const { signal, release } = listenForInterruption();
    try {
      return await work(signal, terminal.clock.monotonicMs());
    } catch (thrown) {
      throw thrown instanceof StepError ? thrown.cause : thrown;
    } finally {
      release();
    }
  }

  const keysOf = ({ dataDirectory: path, masterKeyFile, masterKeyOldFile }: ConfigFile) =>
    findMasterKeys({ path, masterKeyFile, masterKeyOldFile, ...keysOfEnvironment(environment) });

  return {
    backup: ({ file, withMasterKey, force, json, ...data }) =>
      timed(async (signal, startedMs) => {
        const config = await readConfig(data);
        const from = embeddedDatabase(config);
        const to = pathOf(file);
        const keys = withMasterKey === true ? await keysOf(config) : [];
        const manifest = await steps(json).run({
          title: words.copy,
          run: (note) =>
            makeBackup({
              from,
              to,
              replaces: force === true,
              version,
              masterKeyValues: withMasterKey === true ? valuesOf(keys) : null,
              processId: environment.processId,
              now: () => terminal.clock.now(),
              signal,
              onProgress: (step, share) => note(`${words[step === 'copy' ? 'copy' : 'hash']}, ${words.share(share)}`),
            }),
          describe: ({ rows }) => words.rowsOf(rows),
          describeFailure: once,
        });
        const { madeAt, bytes, sha256, schema, rows, masterKeys } = manifest;
        // The backup is whole without it; the alarm then goes by the one before.
        await noteBackup(config.dataDirectory, madeAt).catch(() => undefined);
        const hasMasterKey = manifest.masterKeyValues !== null;
        const seconds = since(startedMs);
        return { file: to, database: from, madeAt, bytes, sha256, schema, rows, masterKeys, hasMasterKey, seconds };
      }),

    restore: ({ file, masterKey, json, ...data }) =>
      timed(async (signal, startedMs) => {
        const config = await readConfig(data);
        if (config.database !== undefined && isServer(config.database)) throw onServer(config.database);
        const named = masterKey === undefined ? undefined : await readMasterKeyFile(pathOf(masterKey));
        const keys: readonly FoundMasterKey[] = [
          ...(named === undefined ? [] : [{ source: pathOf(masterKey ?? ''), bytes: named }]),
          ...(await keysOf(config)),
        ];
        const { manifest } = await steps(json).run({
          title: words.write,
          run: (note) =>
            restoreBackup({
              from: pathOf(file),
              folder: config.dataDirectory,
              databaseName,
              keys,
              keyToWrite: named ?? null,
              signal,
              onProgress: (share) => note(words.share(share)),
            }),
          describe: () => words.compared,
          describeFailure: once,
        });
        const { madeAt, rows } = manifest;
        return { dataDirectory: config.dataDirectory, file: pathOf(file), madeAt, rows, seconds: since(startedMs) };
      }),

    verify: ({ target, masterKey, json, ...data }) =>
      timed(async (signal, startedMs) => {
        const found = await targetOf(surroundings, target, data);
        const named = masterKey === undefined ? [] : [await readMasterKeyFile(pathOf(masterKey))];
        const keys = [...named, ...found.keys];
        const [first, ...others] = keys;
        const keyring = first === undefined ? null : createKeyring([first, ...others], terminal.random);
        const progress = steps(json);
        const checks: VerifyResult['checks'][number][] = [];
        if (found.backup !== undefined) {
          const { path, bytes, sha256 } = found.backup;
          const flaws = await runStep(progress, words, 'backup', async (note) => {
            const hash = await hashOfFile(path, {
              bytes,
              signal,
              onProgress: (done) => note(words.share(done / bytes)),
            });
            return { count: 1, flaws: hash === sha256 ? [] : [refuse('backupDamaged', { path }).reason] };
          });
          checks.push({ check: 'backup', isSkipped: false, ...flaws });
        }
        const database = await found.open();
        try {
          for (const check of checkNames) {
            // Of a backup the key is elsewhere, as it should be; a data directory without it is lost.
            if (check === 'keys' && keyring === null && found.backup !== undefined) {
              await progress.run({ title: titleOf(words, check), run: async () => {}, describe: () => words.skipped });
              checks.push({ check, isSkipped: true, count: 0, flaws: [] });
              continue;
            }
            const result = await runStep(progress, words, check, (note) =>
              runCheck(check, { database, keyring, signal }, (done) => note(words.counted(check, done))),
            );
            checks.push({ check, isSkipped: false, ...result });
            // Nothing else can be read of it.
            if (check === 'schema' && result.flaws.length > 0) break;
          }
        } finally {
          await database.close();
        }
        const ok = checks.every(({ flaws }) => flaws.length === 0);
        return { target: database.title, madeAt: found.backup?.madeAt ?? null, ok, checks, seconds: since(startedMs) };
      }),

    async markRestored({ madeAt, ...data }) {
      const { database, dataDirectory } = await readConfig(data);
      return markRestored({ database: database ?? join(dataDirectory, databaseName), madeAt });
    },
  };

  async function runStep(
    progress: Pick<Progress, 'run'>,
    { counted }: BackupWords,
    check: CheckName | 'backup',
    run: (note: (text: string) => void) => Promise<{ readonly count: number; readonly flaws: readonly Reason[] }>,
  ): Promise<{ readonly count: number; readonly flaws: readonly string[] }> {
    let result: { readonly count: number; readonly flaws: readonly string[] } | undefined;
    try {
      return await progress.run({
        title: titleOf(words, check),
        async run(note) {
          const { count, flaws } = await run(note);
          result = { count, flaws: flaws.map((flaw) => renderReason(flaw, terminal.language)) };
          // The step gets a cross, and the next one its turn.
          if (result.flaws.length > 0) throw new Error(result.flaws[0]);
          return result;
        },
        describe: ({ count }) => counted(check, count),
      });
    } catch (thrown) {
      if (thrown instanceof StepError && result !== undefined) return result;
      if (result !== undefined) return result;
      throw thrown;
    }
  }
}

interface Target {
  readonly open: () => Promise<ReturnType<typeof openSqliteToCheck>>;
  readonly keys: readonly Uint8Array[];
  readonly backup:
    | { readonly path: string; readonly bytes: number; readonly sha256: string; readonly madeAt: string }
    | undefined;
}

async function targetOf(
  { environment, pathOf, readConfig }: Surroundings,
  target: string | undefined,
  data: DataOptions,
): Promise<Target> {
  const path = target === undefined ? undefined : pathOf(target);
  if (path !== undefined) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) throw refuse('backupMissing', { path });
    if (!stats.isDirectory()) return fileTarget(environment, path);
  }
  const config = await readConfig(path === undefined ? data : { ...data, data: path });
  const { dataDirectory, masterKeyFile, masterKeyOldFile, database } = config;
  const found = await findMasterKeys({
    path: dataDirectory,
    masterKeyFile,
    masterKeyOldFile,
    ...keysOfEnvironment(environment),
  });
  const keys = found.map(({ bytes }) => bytes);
  // A folder that is named is looked at, whatever else the configuration says.
  if (path === undefined && database !== undefined && isServer(database)) {
    return { open: () => openPostgresToCheck(database), keys, backup: undefined };
  }
  const file = path === undefined ? (database ?? join(dataDirectory, databaseName)) : join(path, databaseName);
  return { open: async () => openSqliteToCheck(file), keys, backup: undefined };
}

/** A backup, or a database file beside its master key. */
async function fileTarget(environment: Environment, path: string): Promise<Target> {
  const ofEnvironment = keysOfEnvironment(environment);
  const keysIn = async (folder: string) =>
    (
      await findMasterKeys({ path: folder, masterKeyFile: undefined, masterKeyOldFile: undefined, ...ofEnvironment })
    ).map(({ bytes }) => bytes);
  if (path.endsWith('.db')) {
    return { open: async () => openSqliteToCheck(path), keys: await keysIn(dirname(path)), backup: undefined };
  }
  const { masterKeyValues, bytes, sha256, madeAt } = await readManifest(path);
  const inside = Object.values(masterKeyValues ?? {}).map((key) => new Uint8Array(Buffer.from(key, 'base64')));
  const elsewhere = [ofEnvironment.masterKeyText, ofEnvironment.masterKeyOldText].flatMap((text) =>
    text === undefined ? [] : [new Uint8Array(Buffer.from(text, 'base64'))],
  );
  return {
    open: async () => openSqliteToCheck(path),
    keys: [...inside, ...elsewhere],
    backup: { path, bytes, sha256, madeAt },
  };
}

function titleOf({ checks }: BackupWords, check: CheckName | 'backup'): string {
  return checks[check] ?? check;
}

/** The message comes once, at the end. */
const once = () => '';

const silentProgress: Pick<Progress, 'run'> = { run: ({ run }) => run(() => {}) };

function embeddedDatabase({ database, dataDirectory }: ConfigFile): string {
  if (database === undefined) return join(dataDirectory, databaseName);
  if (isServer(database)) throw onServer(database);
  return database;
}

function onServer(database: string): Error {
  return refuse('backupOnServer', { database: withoutPassword(database) });
}

function valuesOf(keys: readonly FoundMasterKey[]): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.map(({ bytes }) => [masterKeyOf(bytes).id, Buffer.from(bytes).toString('base64')]));
}
