/**
 * What an installation has before it can do anything: master keys, secrets, authorities. One node at a time looks for it and makes what
 * is missing; whoever starts next finds it in the database.
 */
import { dialectSecretName, openSealing, serverSecret } from '../app/index.ts';
import { pkiUrlOf } from '../config/pki-url.ts';
import { type ConfigFile, dialectSettings } from '../config/schema.ts';
import { dialects } from '../dialects/registry.ts';
import type { AuthorityKeeper } from '../domain/ports/authority-keeper.ts';
import type { KeySealer } from '../domain/ports/key-sealer.ts';
import type { MasterKeys } from '../domain/ports/master-keys.ts';
import type { Database } from '../domain/ports/stores/index.ts';
import type { Clock, Log, Randomness } from '../domain/ports/system.ts';
import { createEmbeddedIssuer } from '../issuers/embedded/index.ts';
import { createSealedKeyStore, keysInDatabase, type NewKey } from '../issuers/embedded/sealed-key-store.ts';
import type { DataDirectory } from './data-directory.ts';
import { numbersSecretName, openDialects } from './front-doors.ts';

export interface Installation {
  readonly keySealer: KeySealer;
  readonly masterKeys: MasterKeys;
  /** By `dialectSecretName`. */
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  readonly embedded: AuthorityKeeper;
  /** Of numbers that are good once on all nodes; undefined where there is one. */
  readonly numbersKey: Uint8Array | undefined;
}

/** The CA is known by its own names and by those of the front doors. */
function caaDomainsOf(config: ConfigFile): readonly string[] {
  const ofDoors = openDialects(config).flatMap(
    (dialect) => dialect.references?.(dialectSettings(config, dialect.name).own).caaDomains ?? [],
  );
  return [...new Set([...config.authority.caaIdentities, ...ofDoors])];
}

export interface InstallationOptions {
  readonly config: ConfigFile;
  readonly data: DataDirectory;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Randomness;
  readonly newAuthorityKey: NewKey | undefined;
}

/** @throws for the operator, where the master key is not the one that the database is sealed under */
export function openInstallation(options: InstallationOptions): Promise<Installation> {
  const { config, data, database, clock, log, random, newAuthorityKey } = options;
  return database.alone(async () => {
    const { keyring, masterKeys } = await data.masterKeys(await database.read.sealing.masterKeysInUse());
    const sealing = { database, clock, random, keySealer: keyring, masterKeys };
    const names = dialects.flatMap(({ name, secretPurposes = [] }) =>
      secretPurposes.map((purpose) => dialectSecretName(name, purpose)),
    );
    await openSealing(sealing, names);
    const secrets = new Map<string, Uint8Array>();
    for (const name of names) secrets.set(name, await serverSecret(sealing, name));
    const numbersKey = database.usedNumbers === null ? undefined : await serverSecret(sealing, numbersSecretName);
    const place = keysInDatabase({ database, clock });
    const embedded = await createEmbeddedIssuer({
      issuerId: 'embedded',
      organization: config.authority.organization,
      caaDomains: caaDomainsOf(config),
      keyStore: createSealedKeyStore({ place, keySealer: keyring, newKey: newAuthorityKey }),
      database,
      clock,
      log,
      random,
      pkiUrl: pkiUrlOf(config),
      allowLocalPkiUrl: config.authority.allowLocalPkiUrl,
      root: config.authority.root,
    });
    return { keySealer: keyring, masterKeys, secrets, embedded, numbersKey };
  });
}
