/**
 * The codes of an account's agents, each with the names of its certificate and with what the web server uses
 * now. An agent sends its configuration at every run before anything else, so that both are kept for a few days only.
 */
import { accountFilter, type Caller } from '../../domain/caller.ts';
import type { Reason } from '../../domain/errors.ts';
import { type Identifier, parseIdentifier } from '../../domain/identifier.ts';
import type { Expiring, ExpiringShelf } from '../../domain/ports/expiring.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { UsedCertificate } from './used-certificate.ts';

export interface CodedCertificate {
  readonly names: readonly Identifier[];
  readonly current?: UsedCertificate;
}

export interface AgentCodes {
  remember(caller: Caller, found: ReadonlyMap<string, readonly Identifier[]>): Promise<void>;
  /** Undefined for a code of nobody's, or of another account. */
  find(caller: Caller, code: string): Promise<CodedCertificate | undefined>;
  noteUsed(caller: Caller, code: string, used: UsedCertificate): Promise<void>;
  /** For sites that get no certificate: each code stands for a reason. */
  rememberLeftOut(caller: Caller, leftOut: ReadonlyMap<string, Reason>): Promise<void>;
  whyLeftOut(caller: Caller, code: string): Promise<Reason | undefined>;
}

/** The agent runs once a day. Its runs are kept as long (`agent-runs.ts`). */
export const keptMs = 7 * 86_400_000;
/** Limit for one account: more certificates than one configuration can name in the megabyte that it may have. */
const mostOfAccount = 20_000;

export function createAgentCodes({
  expiring,
  clock,
}: {
  readonly expiring: Expiring;
  readonly clock: Clock;
}): AgentCodes {
  const limits = () => ({ expiresAt: new Date(clock.now().getTime() + keptMs), atMost: mostOfAccount });
  return {
    async remember(caller, found) {
      const entries = [...found].map(([key, names]) => ({
        key,
        value: JSON.stringify(names.map(({ value }) => value)),
      }));
      await expiring.put(shelf(caller, 'names'), entries, limits());
    },

    async find(caller, code) {
      const names = await expiring.get(shelf(caller, 'names'), code);
      if (names === undefined) return undefined;
      const used = await expiring.get(shelf(caller, 'used'), code);
      return { names: namesFrom(names), ...(used === undefined ? {} : { current: usedFrom(used) }) };
    },

    async noteUsed(caller, code, { sha256, replaceAt }) {
      const value = JSON.stringify({ sha256, replaceAtMs: replaceAt?.getTime() ?? null });
      await expiring.put(shelf(caller, 'used'), [{ key: code, value }], limits());
    },

    async rememberLeftOut(caller, leftOut) {
      const entries = [...leftOut].map(([code, { key, params }]) => ({
        key: code,
        value: JSON.stringify({ key, params }),
      }));
      await expiring.put(shelf(caller, 'leftOut'), entries, limits());
    },

    async whyLeftOut(caller, code) {
      const value = await expiring.get(shelf(caller, 'leftOut'), code);
      return value === undefined ? undefined : reasonFrom(value);
    },
  };
}

function shelf(caller: Caller, what: 'names' | 'used' | 'leftOut'): ExpiringShelf {
  return { purpose: `httpsok/agent/${what}`, accountId: accountFilter(caller) };
}

function namesFrom(text: string): readonly Identifier[] {
  const values: readonly string[] = JSON.parse(text);
  return values.map((value) => parseIdentifier(value, 'names'));
}

function reasonFrom(text: string): Reason {
  const why: Reason = JSON.parse(text);
  return why;
}

function usedFrom(text: string): UsedCertificate {
  const { sha256, replaceAtMs }: { readonly sha256: string; readonly replaceAtMs: number | null } = JSON.parse(text);
  return { sha256, replaceAt: replaceAtMs === null ? null : new Date(replaceAtMs) };
}
