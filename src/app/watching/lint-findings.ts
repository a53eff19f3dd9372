/** What lint refused to sign. Of a certificate for a day; of a list until there is one that was made later. */
import { finding } from '../../domain/alarm.ts';
import { isId } from '../../domain/ids.ts';
import { type KeptLintFinding, keptLintFindings, lintFindingsKey } from '../../domain/lint.ts';
import type { AppContext } from '../context.ts';
import type { Condition } from './condition.ts';

export function lintFindings({ database, clock }: Pick<AppContext, 'database' | 'clock'>): Condition {
  /** A list that came after all holds nothing up any more. */
  async function stands({ kind, authority, atMs }: KeptLintFinding): Promise<boolean> {
    if (kind !== 'list' || !isId('authority', authority)) return true;
    const updates = await database.read.crls.updatesOf(authority);
    // Lists are of whole seconds.
    return updates === undefined || updates.thisUpdate.getTime() < atMs - (atMs % 1000);
  }

  return {
    // One is enough: it should never happen.
    heldMs: 0,
    of: 'installation',
    async look() {
      const kept = keptLintFindings(await database.read.settings.get(lintFindingsKey), clock.now().getTime());
      const standing: KeptLintFinding[] = [];
      for (const one of kept) if (await stands(one)) standing.push(one);
      const [newest] = standing;
      if (newest === undefined) return undefined;
      const { rule, source, found, kind: what, subject: of, authority } = newest;
      return finding('lintFinding', { rule, source, found, what, of, authority, others: standing.length - 1 });
    },
  };
}
