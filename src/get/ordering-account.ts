/** The account that an order is for. */
import { CommandFailure } from '../cli/failure.ts';
import type { WireAccount } from '../dialects/native/schema.ts';
import type { GetWorld } from './world.ts';

/** More would make no readable choice. */
const shownAccounts = 5;

/**
 * The token's own; for an operator the one that is named, the only one there is, or a new one where there is none.
 * @returns undefined for the token's own
 * @throws {CommandFailure} an operator has to choose
 */
export async function orderingAccount(
  { client, say, words }: GetWorld,
  named: string | undefined,
): Promise<WireAccount | undefined> {
  if (named !== undefined) return client.accounts.show({ account: named });
  const { account } = await client.me.show({});
  if (account !== null) return undefined;
  const { items } = await client.accounts.list({ limit: shownAccounts });
  const [only, ...others] = items;
  if (others.length > 0) {
    const names = items.map(({ number, name }) => `${number} ${name}`).join(', ');
    throw new CommandFailure('usage', words.whichAccount(names));
  }
  if (only !== undefined) return only;
  const made = await client.accounts.create({ name: 'default' });
  say(words.madeAccount(made.name, made.number));
  return made;
}
