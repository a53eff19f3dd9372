/** The processes that share a database: each notes that it is there, about once a minute. */
import type { NodeFacts } from '../../domain/ports/server-facts.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';

const nodesKey = 'nodes';
/** One that has not been seen for so long was taken away. */
const forgottenMs = 86_400_000;

type Noting = Pick<AppContext, 'database' | 'clock' | 'installation'>;

interface KeptNode {
  readonly version: string;
  readonly role: string;
  readonly startedMs: number;
  readonly seenMs: number;
}

/** Part of the transaction in which the watchdog keeps what it saw. */
export async function noteNode({ database, clock, installation }: Noting, tx: Pick<Stores, 'settings'>): Promise<void> {
  // Nobody else has the database: there is nobody to be told.
  if (database.isExclusive) return;
  const nowMs = clock.now().getTime();
  const kept = [...keptFrom(await tx.settings.get(nodesKey))].filter(([, { seenMs }]) => nowMs - seenMs < forgottenMs);
  const { version, role, startedAt } = installation;
  const own: KeptNode = { version, role, startedMs: startedAt.getTime(), seenMs: nowMs };
  await tx.settings.put(nodesKey, Object.fromEntries([...kept, [database.node, own]]));
}

/** Those that were seen in the last day, this one first. */
export async function listNodes({ database, clock, installation }: Noting): Promise<readonly NodeFacts[]> {
  const { version, role, startedAt } = installation;
  const name = database.node;
  const others = [...keptFrom(await database.read.settings.get(nodesKey))].filter(([other]) => other !== name);
  return [
    { name, version, role, startedAt, seenAt: clock.now(), isThis: true },
    ...others.map(([other, { startedMs, seenMs, ...node }]) => ({
      ...node,
      name: other,
      startedAt: new Date(startedMs),
      seenAt: new Date(seenMs),
      isThis: false,
    })),
  ];
}

/** What another version has written may be otherwise. */
function keptFrom(value: unknown): ReadonlyMap<string, KeptNode> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return new Map(entries.filter((entry): entry is [string, KeptNode] => isNode(entry[1])));
}

function isNode(value: unknown): value is KeptNode {
  if (typeof value !== 'object' || value === null) return false;
  const { version, role, startedMs, seenMs } = value as Partial<Record<keyof KeptNode, unknown>>;
  return (
    typeof version === 'string' &&
    typeof role === 'string' &&
    typeof startedMs === 'number' &&
    typeof seenMs === 'number'
  );
}
