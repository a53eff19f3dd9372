/**
 * The codes of the newest configuration that an agent sent. From 1.9 on its script asks for the DNS records without naming the
 * codes, so that they are found by what its calls have in common: the run, the machine, or key and address.
 */
import { accountFilter, type Caller } from '../../domain/caller.ts';
import type { Expiring, ExpiringShelf } from '../../domain/ports/expiring.ts';
import type { Clock } from '../../domain/ports/system.ts';
import { keptMs } from './agent-codes.ts';

/** What an agent's request says of itself. */
export interface AgentMarks {
  /** `trace-id`: a random text of one run. */
  readonly trace: string | undefined;
  /** `httpsok-uuid`, from 1.12 on: a text of the machine. Machines made from one image share it, so a run's own text goes first. */
  readonly machine: string | undefined;
}

export interface AgentRuns {
  remember(caller: Caller, marks: AgentMarks, codes: readonly string[]): Promise<void>;
  /** Undefined where no configuration is known to belong to this request. */
  find(caller: Caller, marks: AgentMarks): Promise<readonly string[] | undefined>;
}

/** Behind one address there may be several machines: only a configuration of just now is this one's. */
const addressKeptMs = 15 * 60_000;
/** Limit for one account and kind. */
const mostOfAccount = 2000;
/** PATH_MAX of Linux. */
const longestHome = 4096;
const markForm = /^[\w-]{1,80}$/;

export function agentMarksOf(request: Request): AgentMarks {
  const markOf = (header: string) => {
    const value = request.headers.get(header)?.trim() ?? '';
    return markForm.test(value) ? value : undefined;
  };
  return { trace: markOf('trace-id'), machine: markOf('httpsok-uuid') };
}

/** `nginx-config-home`: UTF-8, which a header's text shows byte by byte. */
export function agentHomeOf(request: Request): string {
  return Buffer.from(request.headers.get('nginx-config-home') ?? '', 'latin1')
    .toString('utf8')
    .trim()
    .slice(0, longestHome);
}

export function createAgentRuns({
  expiring,
  clock,
}: {
  readonly expiring: Expiring;
  readonly clock: Clock;
}): AgentRuns {
  const limits = (forMs: number) => ({ expiresAt: new Date(clock.now().getTime() + forMs), atMost: mostOfAccount });
  return {
    async remember(caller, marks, codes) {
      const value = JSON.stringify(codes);
      const entries = markKeys(marks).map((key) => ({ key, value }));
      await expiring.put(shelf(caller, 'run'), entries, limits(keptMs));
      await expiring.put(shelf(caller, 'address'), [{ key: addressKey(caller), value }], limits(addressKeptMs));
    },

    async find(caller, marks) {
      for (const key of markKeys(marks)) {
        const found = await expiring.get(shelf(caller, 'run'), key);
        if (found !== undefined) return codesFrom(found);
      }
      const found = await expiring.get(shelf(caller, 'address'), addressKey(caller));
      return found === undefined ? undefined : codesFrom(found);
    },
  };
}

/** The most exact one first. */
function markKeys({ trace, machine }: AgentMarks): readonly string[] {
  return [...(trace === undefined ? [] : [`trace ${trace}`]), ...(machine === undefined ? [] : [`machine ${machine}`])];
}

function addressKey({ credentialId, address }: Caller): string {
  return `${credentialId ?? ''} ${address}`;
}

function shelf(caller: Caller, what: 'run' | 'address'): ExpiringShelf {
  return { purpose: `httpsok/agent/${what}`, accountId: accountFilter(caller) };
}

function codesFrom(text: string): readonly string[] {
  const codes: readonly string[] = JSON.parse(text);
  return codes;
}
