/**
 * `certmux operator reset` in this process. Of a PostgreSQL database, or one that no server uses, it writes the rows itself; otherwise
 * the server that has the database does (`reset-requests.ts`).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { keysOfDialects, resetOperator } from '../app/index.ts';
import type { ResetOptions, ResetResult } from '../cli/local.ts';
import type { Terminal } from '../cli/terminal.ts';
import { publicUrlOf } from '../config/pki-url.ts';
import type { ConfigFile } from '../config/schema.ts';
import { isLockTaken } from '../db/engine/sqlite/lock.ts';
import { isServer, openDatabase } from '../db/open.ts';
import { formatToken } from '../dialects/native/auth.ts';
import { dialects } from '../dialects/registry.ts';
import { refuse } from '../domain/errors.ts';
import type { Database } from '../domain/ports/stores/index.ts';
import { masterKeyOf } from '../pki/seal.ts';
import { createLog, type Environment, readFileIfPresent } from '../system/index.ts';
import { commandUrlOf } from './command-url.ts';
import { databaseName, openDataDirectory, operatorFileName } from './data-directory.ts';
import { type FoundMasterKey, findMasterKeys } from './master-keys.ts';
import { requestReset, shownReset } from './reset-requests.ts';

interface Surroundings {
  readonly environment: Environment;
  readonly config: ConfigFile;
  readonly terminal: Pick<Terminal, 'clock' | 'random'>;
}

/** @throws {CertError} where the master key is missing or another one, or the server does not answer */
export async function resetOperatorHere({ user }: ResetOptions, surroundings: Surroundings): Promise<ResetResult> {
  const { environment, config } = surroundings;
  const { dataDirectory, masterKeyFile, masterKeyOldFile } = config;
  const path = config.database ?? join(dataDirectory, databaseName);
  if (!isServer(path) && !existsSync(path)) throw refuse('backupSourceMissing', { path });
  const { CERTMUX_MASTER_KEY: masterKeyText, CERTMUX_MASTER_KEY_OLD: masterKeyOldText } = environment.variables;
  const given = { path: dataDirectory, masterKeyFile, masterKeyOldFile, masterKeyText, masterKeyOldText };
  const keys = await findMasterKeys(given);
  try {
    return await resetInDatabase(surroundings, { path, user, keys, given });
  } catch (thrown) {
    if (!isLockTaken(thrown)) throw thrown;
    return resetByServer(surroundings, { user, keys });
  }
}

async function resetInDatabase(
  { config, terminal }: Surroundings,
  {
    path,
    user,
    keys,
    given,
  }: {
    readonly path: string;
    readonly user: string | undefined;
    readonly keys: readonly FoundMasterKey[];
    readonly given: Parameters<typeof openDataDirectory>[0];
  },
): Promise<ResetResult> {
  const { clock, random } = terminal;
  const log = createLog({ level: 'silent', destination: 'stdout' });
  const database = await openDatabase({ path, runsJobs: false, clock, random, log });
  try {
    await requireKeys(database, keys, config);
    const publicUrl = publicUrlOf(config);
    const context = { database, clock, random, publicUrl, ...keysOfDialects(dialects) };
    const reset = await resetOperator(context, { dialect: 'native', username: user });
    const data = await openDataDirectory(given);
    const url = (await urlOf(config)) ?? commandUrlOf(config.listen) ?? publicUrl;
    await data.writeOperator({ url, token: formatToken(reset) });
    return { ...shownReset(reset), operatorFile: join(config.dataDirectory, operatorFileName), byServer: false };
  } finally {
    await database.close();
  }
}

/** What is sealed under the key must open with it: who has the directory and not the key is not the operator. */
async function requireKeys(
  { read }: Database,
  keys: readonly FoundMasterKey[],
  { dataDirectory }: ConfigFile,
): Promise<void> {
  const here = keys.map(({ bytes }) => masterKeyOf(bytes).id);
  const missing = (await read.sealing.masterKeysInUse()).filter((id) => !here.includes(id));
  if (missing.length === 0) return;
  const ids = missing.join(' and ');
  const path = join(dataDirectory, 'master.key');
  if (here.length === 0) throw refuse('masterKeyMissing', { path, ids });
  throw refuse('masterKeyDoesNotFit', { ids, found: here.join(' and '), place: path });
}

async function resetByServer(
  { config: { dataDirectory: folder }, terminal }: Surroundings,
  { user, keys }: { readonly user: string | undefined; readonly keys: readonly FoundMasterKey[] },
): Promise<ResetResult> {
  const [first] = keys;
  if (first === undefined) throw refuse('masterKeyMissing', { path: join(folder, 'master.key'), ids: 'of the server' });
  const answer = await requestReset(folder, { username: user ?? null, masterKey: first.bytes, ...terminal });
  if (answer === undefined) throw refuse('resetUnanswered', { folder });
  if (answer.result !== null) return { ...answer.result, operatorFile: join(folder, operatorFileName), byServer: true };
  if (answer.failure?.reason === 'failed') throw new Error(answer.failure.message);
  throw refuse('resetRefused', { folder });
}

/** The address that stood in the file before: the server's, as it really listened. */
async function urlOf({ dataDirectory }: ConfigFile): Promise<string | undefined> {
  const bytes = await readFileIfPresent(join(dataDirectory, operatorFileName));
  if (bytes === undefined) return undefined;
  try {
    const { url }: { url?: unknown } = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof url === 'string' ? url : undefined;
  } catch {
    return undefined;
  }
}
