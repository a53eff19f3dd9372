/** What this installation is made of, and how its parts do. */
import type { IssuerState, ServerState } from '../../../domain/ports/server-facts.ts';
import type { Profile } from '../../../domain/profile.ts';
import { wholeToWire } from '../paging.ts';
import { issuersApi, profilesApi, serverApi } from '../schema/facts.ts';
import type { WireIssuerState, WireProfile, WireServer } from '../schema.ts';
import { handled } from '../services.ts';
import { optionalTimeToWire, timeToWire } from '../values.ts';

function profileToWire(profile: Profile): WireProfile {
  return {
    id: profile.id,
    level: profile.level,
    isPublicLike: profile.isPublicLike,
    maxValidityDays: profile.maxValidityDays,
    reuseDays: profile.reuseDays,
    validationDays: profile.validationDays,
    keyKinds: [...profile.keyKinds],
    methods: [...profile.methods],
    wildcardByFile: profile.wildcardByFile,
    requiresKnownSuffix: profile.requiresKnownSuffix,
    allowsReservedIp: profile.allowsReservedIp,
    checksCaa: profile.checksCaa,
    includesCommonName: profile.includesCommonName,
    includesSubjectKeyId: profile.includesSubjectKeyId,
    backdateSeconds: profile.backdateSeconds,
    policyOids: [...profile.policyOids],
  };
}

function issuerToWire({ queue, breaker, budget, lastFailure, ...issuer }: IssuerState): WireIssuerState {
  return {
    id: issuer.id,
    kind: issuer.kind,
    mode: issuer.mode,
    health: issuer.health,
    lastIssuedAt: optionalTimeToWire(issuer.lastIssuedAt),
    issuedIn30Days: issuer.issuedIn30Days,
    upstream: issuer.upstream,
    members: [...issuer.members],
    authorities: [...issuer.authorities],
    withoutCa: issuer.isWithoutCa,
    queue: { due: queue.due, oldestDueAt: optionalTimeToWire(queue.oldestDueAt), underWay: queue.underWay },
    breaker: breaker && {
      openSince: optionalTimeToWire(breaker.openSince),
      nextTryAt: timeToWire(breaker.nextTryAt),
    },
    budget: budget && {
      name: budget.budget.name,
      limit: budget.budget.limit,
      spent: budget.spent,
      left: budget.left,
    },
    lastFailure: lastFailure && { ...lastFailure, at: optionalTimeToWire(lastFailure.at) },
  };
}

function serverToWire({ database, mail, jobs, ...state }: ServerState): WireServer {
  return {
    version: state.version,
    now: timeToWire(state.now),
    startedAt: timeToWire(state.startedAt),
    role: state.role,
    threads: state.threads,
    publicUrl: state.publicUrl,
    listeners: [...state.listeners],
    responders: [...state.responders],
    dataDirectory: state.dataDirectory,
    database: { engine: database.engine, title: database.title },
    resolvers: [...state.resolvers],
    mail: mail && { server: mail.server, tls: mail.tls, from: mail.from },
    nodes: state.nodes.map(({ name, version, role, startedAt, seenAt, isThis }) => ({
      name,
      version,
      role,
      startedAt: timeToWire(startedAt),
      seenAt: timeToWire(seenAt),
      isThis,
    })),
    jobs: { waiting: jobs.waiting, running: jobs.running, failed: jobs.failed },
    isDiskFull: state.isDiskFull,
    clockFault: state.clockFault,
    config: { ...state.config },
    libraries: state.libraries.map(({ name, version, licence }) => ({ name, version, licence })),
  };
}

export const factOperations = [
  handled(profilesApi.list, async (_, { caller, services }) =>
    wholeToWire(await services.server.profiles(caller), profileToWire),
  ),

  handled(issuersApi.list, async ({ withoutCa }, { caller, services }) => {
    const all = await services.server.issuers(caller);
    return wholeToWire(withoutCa === undefined ? all : all.filter(({ isWithoutCa }) => isWithoutCa), issuerToWire);
  }),

  handled(serverApi.show, async (_, { caller, services }) => serverToWire(await services.server.state(caller))),
];
