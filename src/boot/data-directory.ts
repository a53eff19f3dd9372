/** The data directory: database, master key, sealed CA keys, and the operator's token for the command line. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyFiles } from '../issuers/embedded/sealed-key-store.ts';
import { createRandomness, ensureDirectory, readFileIfPresent, writeFileAtomically } from '../system/index.ts';

export interface DataDirectory {
  readonly databasePath: string;
  readonly keyFiles: KeyFiles;
  /** 32 bytes. Made at the first start unless it is given. */
  masterKey(): Promise<Uint8Array>;
  writeOperator(connection: { readonly url: string; readonly token: string }): Promise<void>;
}

export interface DataDirectoryOptions {
  readonly path: string;
  readonly masterKeyFile: string | undefined;
  /** `CERTMUX_MASTER_KEY`: base64, instead of a file. */
  readonly masterKeyText: string | undefined;
}

export async function openDataDirectory(options: DataDirectoryOptions): Promise<DataDirectory> {
  const { path } = options;
  const keyDirectory = join(path, 'keys');
  await ensureDirectory(path);
  await ensureDirectory(keyDirectory);

  async function masterKey(): Promise<Uint8Array> {
    if (options.masterKeyText !== undefined) return parseMasterKey(options.masterKeyText, 'CERTMUX_MASTER_KEY');
    const file = options.masterKeyFile ?? join(path, 'master.key');
    const found = await readFileIfPresent(file);
    if (found !== undefined) return parseMasterKey(Buffer.from(found).toString('utf8'), file);
    if (options.masterKeyFile !== undefined) throw new Error(`masterKeyFile ${file} does not exist`);
    // A new key beside what an old one sealed would make every sealed key unreadable, one error at a time.
    const hasDatabase = (await readdir(path)).includes(databaseName);
    if (hasDatabase || (await readdir(keyDirectory)).length > 0) {
      const old = hasDatabase ? join(path, databaseName) : keyDirectory;
      throw new Error(`${file} is missing, but ${old} is there: put the master key back`);
    }
    const key = createRandomness().bytes(32);
    await writeFileAtomically(file, `${Buffer.from(key).toString('base64')}\n`, { mode: 0o600 });
    return key;
  }

  return {
    databasePath: join(path, databaseName),
    keyFiles: {
      read: (name) => readFileIfPresent(join(keyDirectory, name)),
      write: (name, bytes) => writeFileAtomically(join(keyDirectory, name), bytes, { mode: 0o600 }),
    },
    masterKey,
    writeOperator: (connection) =>
      writeFileAtomically(join(path, operatorFileName), `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 }),
  };
}

const databaseName = 'certmux.db';

/** Where the command line finds the server and its token. */
export const operatorFileName = 'operator.json';

/** 32 bytes as base64 or base64url. */
const masterKeyForm = /^[\w+/-]{43}=?$/;

function parseMasterKey(text: string, source: string): Uint8Array {
  // Node would read as much of it as is base64.
  if (!masterKeyForm.test(text.trim())) throw new Error(`${source} does not hold 32 bytes as base64`);
  return Buffer.from(text.trim(), 'base64');
}
