/**
 * The server's own secrets, under which it makes HMACs: each is 32 bytes, known by its name, drawn at random when it is first
 * needed and kept sealed. They are values of their own and not derived from the master key, so that they survive a change
 * of it, and a former master key that leaks reveals nothing of those made since.
 *
 * Servers before these values were stored derived them from the master key. What customers have from them (labels in their DNS,
 * keys of signatures) must not change, so the derived values are the first that are stored (`adoptFormerSecrets`).
 */
import type { AccountId } from '../../domain/ids.ts';
import type { SealedObject } from '../../domain/ports/key-sealer.ts';
import type { MasterKeys } from '../../domain/ports/master-keys.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';

type Context = Pick<AppContext, 'database' | 'keySealer' | 'random' | 'clock'>;

const secretBytes = 32;
const accountsAtOnce = 500;
/** That the derived values of an older server are stored, or that there never was one. */
const adoptedKey = 'serverSecrets';

/** Signs an account's deliveries. */
export function webhookSecretName(accountId: AccountId): string {
  return `webhook/${accountId}`;
}

/** The secret of a dialect for one purpose. */
export function dialectSecretName(dialect: string, purpose: string): string {
  return `dialect/${dialect}/${purpose}`;
}

/** Makes the labels of delegations, for every front door: httpsok had them first, and they must never change. */
export const aliasSecretName = dialectSecretName('httpsok', 'alias');

/** Makes the answers by which our responder on port 80 is known. */
export const responderSecretName = 'responder/probe';

/** Makes the links with which readers stop the mail to their mailbox. */
export const mailStopSecretName = 'mail/stop';

/** Durable when it resolves, so that nothing is made under a secret that a crash forgets. */
export async function serverSecret(context: Context, name: string): Promise<Uint8Array> {
  const { database, keySealer, random } = context;
  const found = await database.read.serverSecrets.get(name);
  const sealed = found ?? (await database.write((tx) => insert(context, tx, name, random.bytes(secretBytes))));
  return keySealer.open(sealed, objectOf(name));
}

/**
 * Stores what an older server derived from its master key: for every dialect and for every account that there is, at the first
 * start of this version and before anybody asks. Safe to repeat after a crash at any point.
 * @param options.keyId of the master key that the older server had; null for a new installation, which has nothing to keep
 */
export async function adoptFormerSecrets(
  context: Context & { readonly masterKeys: MasterKeys },
  { keyId, names }: { readonly keyId: string | null; readonly names: readonly string[] },
): Promise<void> {
  const { database, masterKeys } = context;
  const { read } = database;
  if ((await read.settings.get(adoptedKey)) !== undefined) return;
  const adopt = (adopted: readonly string[], former: string) =>
    database.write(async (tx) => {
      for (const name of adopted) await insert(context, tx, name, masterKeys.formerSecret(former, name));
    });
  if (keyId !== null) {
    await adopt(names, keyId);
    let before: number | undefined;
    do {
      const page = await read.accounts.list({ limit: accountsAtOnce, ...(before === undefined ? {} : { before }) });
      await adopt(
        page.map(({ id }) => webhookSecretName(id)),
        keyId,
      );
      before = page.length === accountsAtOnce ? page.at(-1)?.number : undefined;
    } while (before !== undefined);
  }
  await database.write((tx) => tx.settings.put(adoptedKey, { at: context.clock.now().toISOString() }));
}

/** @returns the value that is stored then, which may be that of somebody who was faster */
async function insert(
  { keySealer, clock }: Context,
  tx: Stores,
  name: string,
  secret: Uint8Array,
): Promise<Uint8Array> {
  const fresh = keySealer.seal(secret, objectOf(name));
  if (await tx.serverSecrets.insert(name, fresh, clock.now())) return fresh;
  const sealed = await tx.serverSecrets.get(name);
  if (sealed === undefined) throw new Error(`the secret ${name} was not stored`);
  return sealed;
}

function objectOf(name: string): SealedObject {
  return { kind: 'serverSecret', id: name };
}
