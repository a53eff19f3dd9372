/** Operation of the server: the audit log, its own authorities, failed jobs. */

import { type AuthorityOutlook, isTaskDue } from '../../../domain/authority-outlook.ts';
import { type Event, isEventKind } from '../../../domain/event.ts';
import { type FailedJobCursor, type Job, jobKinds } from '../../../domain/job.ts';
import { renderKept } from '../../../domain/kept-reason.ts';
import type { Language } from '../../../domain/language.ts';
import type { AuthorityState } from '../../../domain/ports/server-facts.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { thumbprint } from '../../../pki/certificate.ts';
import { certificatePem } from '../certificate-files.ts';
import { timesFrom } from '../list-filters.ts';
import {
  countingOf,
  notACursor,
  pageQueryOf,
  pageToWire,
  readTimedCursor,
  timedCursor,
  wholeToWire,
} from '../paging.ts';
import { authoritiesApi, eventsApi, jobsApi } from '../schema/server.ts';
import type { WireAuthority, WireAuthorityOutlook, WireEvent, WireJob } from '../schema.ts';
import { handled } from '../services.ts';
import { timeToWire } from '../values.ts';
import { type NamingActors, namedPageToWire } from './actors.ts';

const eventNaming: NamingActors<Event, WireEvent> = {
  idsOf: ({ actor }) => [actor],
  toWire: (event, actors) => ({
    sequence: event.sequence,
    kind: event.kind,
    accountId: event.accountId,
    actor: actors.of(event.actor),
    ...(event.actedFor === undefined ? {} : { actedFor: event.actedFor }),
    subject: event.subject,
    data: { ...event.data },
    requestId: event.requestId,
    ...(event.sessionId === undefined ? {} : { session: event.sessionId }),
    ...(event.address === undefined ? {} : { address: event.address }),
    at: timeToWire(event.at),
  }),
};

export function authorityToWire({ authority, crl, isListDue, certificates }: AuthorityState): WireAuthority {
  return {
    id: authority.id,
    issuerId: authority.issuerId,
    role: authority.role,
    keyKind: authority.keyKind,
    parentId: authority.parentId,
    subject: authority.subject,
    sha256: thumbprint(authority.certificate, 'sha256'),
    notAfter: timeToWire(authority.notAfter),
    createdAt: timeToWire(authority.createdAt),
    keyPlace: authority.keyPlace,
    signsFrom: authority.signsFrom && timeToWire(authority.signsFrom),
    retiredAt: authority.retiredAt && timeToWire(authority.retiredAt),
    closedAt: authority.closedAt && timeToWire(authority.closedAt),
    revokedAt: authority.revokedAt && timeToWire(authority.revokedAt),
    importedAt: authority.importedAt && timeToWire(authority.importedAt),
    crl: crl && {
      number: crl.number,
      thisUpdate: timeToWire(crl.thisUpdate),
      nextUpdate: timeToWire(crl.nextUpdate),
      entries: crl.entries,
      sizeBytes: crl.sizeBytes,
    },
    listDue: isListDue,
    certificates: certificates && { issued: certificates.issued, revoked: certificates.revoked },
    pem: certificatePem(authority.certificate),
  };
}

function outlookToWire({ task, successorDueAt: _, ...outlook }: AuthorityOutlook): WireAuthorityOutlook {
  const timeOrNull = (at: Date | null) => at && timeToWire(at);
  return {
    ...outlook,
    madeAt: timeToWire(outlook.madeAt),
    signsFrom: timeToWire(outlook.signsFrom),
    retiresAt: timeOrNull(outlook.retiresAt),
    lastEndsAt: timeOrNull(outlook.lastEndsAt),
    lastListAt: timeOrNull(outlook.lastListAt),
    endsAt: timeToWire(outlook.endsAt),
    task: task && { what: task.what, until: timeToWire(task.by) },
  };
}

export function jobToWire(job: Job, language: Language): WireJob {
  return {
    id: job.id,
    kind: job.kind,
    subject: job.subject,
    state: job.state,
    runAt: timeToWire(job.runAt),
    attempts: job.attempts,
    lastError: job.lastError && renderKept(job.lastError, language),
    createdAt: timeToWire(job.createdAt),
  };
}

/** @throws {CertError} invalidField for a cursor that is not ours */
function jobCursorFromWire(cursor: string): FailedJobCursor {
  const { at, key } = readTimedCursor(cursor);
  const kind = jobKinds.find((one) => key.startsWith(`${one}:`));
  if (kind === undefined) throw notACursor(cursor);
  return { runAt: at, kind, subject: key.slice(kind.length + 1) };
}

export const serverOperations = [
  handled(eventsApi.list, async (input, session) => {
    const { subject, kind, actor, account, requestId } = input;
    const kinds = kind?.split(',').filter(isEventKind);
    const filter = withDefined({ subject, kinds, actor, account, requestId, ...timesFrom(input) });
    const query = { ...pageQueryOf(input), ...filter };
    return namedPageToWire(session, await session.services.events.list(session.caller, query), eventNaming);
  }),

  handled(authoritiesApi.list, async ({ listDue }, { caller, services }) => {
    const all = await services.server.authorities(caller);
    return wholeToWire(listDue === undefined ? all : all.filter(({ isListDue }) => isListDue), authorityToWire);
  }),

  handled(authoritiesApi.publishCrl, async ({ authority }, { caller, services }) =>
    authorityToWire(await services.server.publishCrl(caller, authority)),
  ),

  handled(authoritiesApi.plan, async ({ due }, { caller, services }) => {
    const all = await services.server.outlook(caller);
    const now = services.clock.now();
    return wholeToWire(due === undefined ? all : all.filter((one) => isTaskDue(one, now)), outlookToWire);
  }),

  handled(authoritiesApi.roll, async ({ authority, ...request }, { caller, services }) =>
    authorityToWire(await services.server.rollAuthority(caller, authority, withDefined(request))),
  ),

  handled(authoritiesApi.revoke, async ({ authority, reason }, { caller, services }) =>
    authorityToWire(await services.server.revokeAuthority(caller, authority, reason)),
  ),

  handled(jobsApi.failed, async ({ limit, cursor, ...counting }, { caller, services, language }) => {
    const before = cursor === undefined ? undefined : jobCursorFromWire(cursor);
    const page = await services.operation.failedJobs(caller, {
      limit,
      ...withDefined({ before }),
      ...countingOf(counting),
    });
    return pageToWire(
      page,
      (job) => jobToWire(job, language),
      ({ runAt, kind, subject }) => timedCursor({ at: runAt, key: `${kind}:${subject}` }),
    );
  }),
];
