/** The job that turns an issuance in `issuing` into a certificate: signed here, or fetched from an upstream. */

import { isId } from '../../domain/ids.ts';
import type { JobHandler } from '../../domain/ports/jobs.ts';
import type { AppContext } from '../context.ts';
import { sign } from './signing.ts';
import { driveUpstream } from './upstream-step.ts';
import { workToSign } from './work-to-sign.ts';

export function createIssueHandler(context: AppContext): JobHandler {
  return async (job, signal) => {
    const issuance = isId('issuance', job.subject) ? await context.database.read.issuances.get(job.subject) : undefined;
    if (issuance === undefined) return { kind: 'done' };
    if (issuance.plan === null) return driveUpstream(context, job, issuance, signal);
    const found = await workToSign(context, job.subject);
    if (found === undefined || 'outcome' in found) return found?.outcome ?? { kind: 'done' };
    return sign(context, found, { signal, isQueued: true });
  };
}
