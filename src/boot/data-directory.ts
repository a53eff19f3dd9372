/** The data directory: database, master key, the sealed certificate of this server, and the operator's token for the command line. */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CertError, renderReason } from '../domain/errors.ts';
import type { SealedFiles } from '../domain/ports/master-keys.ts';
import type { SealedPlace } from '../issuers/embedded/sealed-key-store.ts';
import { ensureDirectory, exposureOf, foreignOwner, readFileIfPresent, writeFileAtomically } from '../system/index.ts';
import { findMasterKeys, type LoadedMasterKeys, loadMasterKeys } from './master-keys.ts';

export interface DataDirectory {
  readonly databasePath: string;
  readonly keyFiles: SealedPlace & SealedFiles;
  /**
   * Made at the first start unless one is handed in.
   * @param inUse ids of the keys that the database names: where there are any, none is made
   */
  masterKeys(inUse: readonly string[]): Promise<LoadedMasterKeys>;
  /** The keys that open something, read again. */
  presentKeys(): Promise<readonly Uint8Array[]>;
  writeOperator(connection: { readonly url: string; readonly token: string }): Promise<void>;
  /** Sentences about files in it that others may read, once the folder is copied or its mode changed. */
  exposures(): Promise<readonly string[]>;
}

export interface DataDirectoryOptions {
  readonly path: string;
  readonly masterKeyFile: string | undefined;
  readonly masterKeyOldFile?: string | undefined;
  /** `CERTMUX_MASTER_KEY`: base64, instead of a file. */
  readonly masterKeyText: string | undefined;
  /** `CERTMUX_MASTER_KEY_OLD`: the former one, until a rotation has finished. */
  readonly masterKeyOldText?: string | undefined;
}

export async function openDataDirectory(options: DataDirectoryOptions): Promise<DataDirectory> {
  const { path } = options;
  const keyDirectory = join(path, 'keys');
  for (const folder of [path, keyDirectory]) await makeOwn(folder);

  return {
    databasePath: join(path, databaseName),
    keyFiles: createKeyFiles(keyDirectory),
    masterKeys: (inUse) =>
      loadMasterKeys({ masterKeyOldFile: undefined, masterKeyOldText: undefined, ...options, inUse }),
    async presentKeys() {
      const found = await findMasterKeys({ masterKeyOldFile: undefined, masterKeyOldText: undefined, ...options });
      return found.map(({ bytes }) => bytes);
    },
    writeOperator: (connection) =>
      writeFileAtomically(join(path, operatorFileName), `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 }),
    async exposures() {
      const keys = await readdir(keyDirectory);
      const files = [
        ...[operatorFileName, databaseName, `${databaseName}-wal`].map((name) => join(path, name)),
        ...keys.map((name) => join(keyDirectory, name)),
      ];
      const found: string[] = [];
      for (const file of files) {
        const exposure = await exposureOf(file);
        if (exposure !== undefined) found.push(renderReason(exposure, 'en'));
      }
      return found;
    },
  };
}

/** Only for this user. One that belongs to somebody else cannot be closed to them. */
async function makeOwn(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  const objection = found && foreignOwner(folder, found);
  if (objection !== undefined) throw new CertError(objection);
  await ensureDirectory(folder);
}

/** Changes of files run one after the other, so that none is lost between the reading and the writing of another. */
function createKeyFiles(folder: string): SealedPlace & SealedFiles {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const done = last.then(change);
    last = done.catch(() => undefined);
    return done;
  };
  const read = (name: string) => readFileIfPresent(join(folder, name));
  const write = (name: string, bytes: Uint8Array) => writeFileAtomically(join(folder, name), bytes, { mode: 0o600 });

  return {
    names: () => inTurn(() => readdir(folder)),
    read,
    write: (name, make) => inTurn(async () => write(name, make())),
    replace: (name, change) =>
      inTurn(async () => {
        const before = await read(name);
        const after = before && change(before);
        if (before === undefined || after === undefined || after === before) return false;
        await write(name, after);
        return true;
      }),
  };
}

export const databaseName = 'certmux.db';

/** Where the command line finds the server and its token. */
export const operatorFileName = 'operator.json';
