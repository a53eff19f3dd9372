/** The outside world, assembled. Nothing outside this folder touches clock, randomness, environment or network. */
import type { System } from '../domain/ports/system.ts';
import { createClock } from './clock.ts';
import { createFetchUntrusted, type FetchUntrustedOptions } from './fetch-untrusted.ts';
import { createLog, type LogOptions } from './log.ts';
import { createMailer, type MailerOptions } from './mail.ts';
import { createPublicSuffixes } from './public-suffix.ts';
import { createRandomness } from './random.ts';
import type { ResolverOptions } from './resolver.ts';
import { createSocketPlaces } from './socket-places.ts';
import { createUrlGuard } from './untrusted-guard.ts';
import { createHandshakeUntrusted } from './untrusted-handshake.ts';
import { createWatchedResolver } from './watched-resolver.ts';

export interface SystemOptions {
  readonly log: LogOptions;
  readonly resolver: Omit<ResolverOptions, 'random'>;
  readonly fetchUntrusted?: Omit<FetchUntrustedOptions, 'resolver'>;
  readonly mail?: MailerOptions | undefined;
  /** The most that are open to strangers at the same time. */
  readonly maxSockets: number;
}

export function createSystem(options: SystemOptions): System {
  const random = createRandomness();
  const sockets = createSocketPlaces(options.maxSockets);
  const clock = createClock();
  const log = createLog(options.log);
  const resolver = createWatchedResolver({ ...options.resolver, random, sockets, clock, log });
  const untrusted = { ...options.fetchUntrusted, resolver, sockets };
  return {
    clock,
    random,
    log,
    resolver,
    resolverWatch: resolver,
    fetchUntrusted: createFetchUntrusted(untrusted),
    handshakeUntrusted: createHandshakeUntrusted(untrusted),
    objectionToUrl: createUrlGuard(options.fetchUntrusted ?? {}).objectionTo,
    publicSuffixes: createPublicSuffixes(),
    mailer: options.mail === undefined ? null : createMailer(options.mail),
  };
}

export { createClock } from './clock.ts';
export { createDiskReserve, type DiskReserve, reserveFileName } from './disk-reserve.ts';
export { type DnsListener, startDnsListener } from './dns-listener.ts';
export { type Endpoint, endpointText, parseEndpoint } from './endpoint.ts';
export { type Environment, readEnvironment } from './env.ts';
export { createFetchUntrusted, type FetchUntrustedOptions } from './fetch-untrusted.ts';
export { createFetchUpstream, type FetchUpstreamOptions, type UpstreamFetcher } from './fetch-upstream.ts';
export { ensureDirectory, readFileIfPresent, syncDirectory, writeFileAtomically } from './files.ts';
export { freeBytesAt } from './free-bytes.ts';
export { limitHeapGrowth } from './heap.ts';
export { createLog, type LogLevel, type LogOptions, type LogSink } from './log.ts';
export { createMailer, type MailerOptions } from './mail.ts';
export {
  createNumberMemory,
  openCountedNumbers,
  openNodeNumbers,
  openOneTimeNumbers,
  setNumberEpoch,
} from './one-time-numbers.ts';
export { createOperatorWebhook } from './operator-webhook.ts';
export { exposureOf, foreignOwner, readPrivateFile } from './private-files.ts';
export { isProcessRunning } from './processes.ts';
export { createPublicSuffixes } from './public-suffix.ts';
export { createRandomness } from './random.ts';
export { createRequestTurns } from './request-turns.ts';
export { createResolver, type ResolverOptions } from './resolver.ts';
export { createAllowanceMemory, openSharedAllowances } from './shared-allowances.ts';
export { type AddressRanges, isSpecialPurpose, parseRanges, specialPurposeRanges } from './special-purpose.ts';
export { createUrlGuard, type GuardOptions } from './untrusted-guard.ts';
