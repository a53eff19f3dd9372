/** Another key for our account at an upstream, because the operator says so. */
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { EventKind } from '../../domain/event.ts';
import { canChangeKey, type KeyChangingIssuer } from '../../domain/ports/issuer.ts';
import type { ChangedUpstreamKey, Upstreams } from '../../domain/ports/upstreams.ts';
import type { AppContext } from '../context.ts';
import { withinMs } from './time-limit.ts';
import { untilAborted } from './upstream-call.ts';
import { standing, upstreamIssuers } from './upstream-standing.ts';

/** A person waits for it. */
const limitMs = 45_000;

export function createUpstreamKeyChange(context: AppContext): Pick<Upstreams, 'changeKey'> {
  return {
    async changeKey(caller, account) {
      if ((await standing(context, account, 1)) === undefined)
        throw refuse('notFound', { what: 'upstream', value: quoted(account) });
      const issuers = oneForEachKey(context, account);
      if (issuers.length === 0) throw refuse('upstreamCannotChangeKey', { upstream: account });
      const note = (kind: EventKind, data: Readonly<Record<string, unknown>>) =>
        record(context, { caller, account, kind, data });
      const changed: ChangedUpstreamKey[] = [];
      // One after the other: where one is refused, the answer is why, and the audit log has those before it.
      for (const issuer of issuers) {
        const directory = issuer.ca?.url ?? null;
        // Before the upstream hears of it: a change that is cut off is ended by whoever calls the upstream next.
        await note('upstream.keyChangeRequested', { directory });
        const one = await withinMs(context.clock, limitMs, (signal) => untilAborted(signal, issuer.changeKey(signal)));
        await note('upstream.keyChanged', { directory, ...one });
        changed.push({ directory, ...one });
      }
      return changed;
    },
  };
}

/** Issuers with the same account at the same address share its key. */
function oneForEachKey({ issuers }: AppContext, account: string): readonly KeyChangingIssuer[] {
  const changing = upstreamIssuers(issuers)
    .filter(({ upstream }) => upstream.account === account)
    .filter((issuer) => canChangeKey(issuer));
  const byAddress = new Map(changing.map((issuer) => [issuer.ca?.url ?? issuer.id, issuer]));
  return [...byAddress.values()];
}

async function record(
  { database, clock }: AppContext,
  {
    caller,
    account,
    kind,
    data,
  }: {
    readonly caller: Caller;
    readonly account: string;
    readonly kind: EventKind;
    readonly data: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { actor, requestId } = caller;
  await database.write((tx) =>
    tx.events.append({ kind, accountId: null, actor, subject: account, data, requestId, at: clock.now() }),
  );
}
