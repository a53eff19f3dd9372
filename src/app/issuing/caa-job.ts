/** The job that looks up the CAA records of an issuance's names while it is `ready`, and lets it go on. */
import { caaNamesToLookUp } from '../../domain/caa-check.ts';
import { isId } from '../../domain/ids.ts';
import { isLocal } from '../../domain/ports/issuer.ts';
import type { JobHandler } from '../../domain/ports/jobs.ts';
import type { AppContext } from '../context.ts';
import { termsOfIssuance } from '../orders/key-terms.ts';
import { proofsOf } from '../orders/order-view.ts';
import { advance } from './advance.ts';
import { caaKnowledgeOf } from './caa-gate.ts';
import { createCaaLookUps } from './caa-look-ups.ts';

export function createCheckCaaHandler(context: AppContext): JobHandler {
  const { database, queue, issuers } = context;
  const lookUp = createCaaLookUps(context);
  return async ({ subject }, signal) => {
    const issuance = isId('issuance', subject) ? await database.read.issuances.get(subject) : undefined;
    if (issuance?.state !== 'ready') return { kind: 'done' };
    const issuer = issuers.get(issuance.issuerId);
    const { requester, profile } = await termsOfIssuance(context, database.read, issuance);
    if (profile.checksCaa && issuer !== undefined && isLocal(issuer)) {
      const proofs = await proofsOf(database.read, issuance);
      const known = await caaKnowledgeOf(context, database.read, proofs, { issuer, requester });
      await lookUp(caaNamesToLookUp(proofs, known), signal);
    }
    signal.throwIfAborted();
    const { job, isQueued, checkCaaAt } = await database.write(async (tx) => {
      const current = await tx.issuances.get(issuance.id);
      if (current?.state !== 'ready') return {};
      return advance(context, tx, { issuance: current, proofs: await proofsOf(tx, current), isCaaCheck: true });
    });
    if (job !== undefined) queue.adopt(job);
    if (isQueued === true) queue.wake();
    return checkCaaAt === undefined ? { kind: 'done' } : { kind: 'again', at: checkCaaAt };
  };
}
