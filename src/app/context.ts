/** The context of the use cases: ports and tables, handed in by the composition root. */
import type { LookUpCaa } from '../domain/caa.ts';
import type { CheckChallenge } from '../domain/challenge.ts';
import type { AliasSetting, LookUpDelegation } from '../domain/delegation.ts';
import { refuse } from '../domain/errors.ts';
import type { MailLimits } from '../domain/outgoing-mail.ts';
import type { PendingLimitsOf } from '../domain/pending-limits.ts';
import type { ClockGuard } from '../domain/ports/clock-guard.ts';
import type { Dialect } from '../domain/ports/dialect.ts';
import type { Issuer } from '../domain/ports/issuer.ts';
import type { JobQueue } from '../domain/ports/jobs.ts';
import type { KeySealer } from '../domain/ports/key-sealer.ts';
import type { MasterKeys, SealedFiles } from '../domain/ports/master-keys.ts';
import type { Meter } from '../domain/ports/meter.ts';
import type { ProofMaker, ProofMakers } from '../domain/ports/proof-maker.ts';
import type { WorkCharges } from '../domain/ports/request-turns.ts';
import type { ResolverWatch } from '../domain/ports/resolver-watch.ts';
import type { InstallationFacts } from '../domain/ports/server-facts.ts';
import type { Database } from '../domain/ports/stores/index.ts';
import type {
  Clock,
  DnsResolver,
  FetchUntrusted,
  Log,
  Mailer,
  ObjectionToUrl,
  PublicSuffixes,
  Randomness,
} from '../domain/ports/system.ts';
import type { WebhookWriters } from '../domain/ports/webhook-writer.ts';
import { type Profile, profileAt } from '../domain/profile.ts';
import type { RelayDoor } from '../domain/relay.ts';
import type { SessionLimitsByKind } from '../domain/user-session.ts';
import type { PasswordCost } from './accounts/passwords.ts';
import type { CheckPlaces } from './proving/check-places.ts';

export interface AppContext {
  readonly database: Database;
  /** What this process was started with. */
  readonly installation: InstallationFacts;
  readonly clock: Clock;
  readonly clockGuard: ClockGuard;
  readonly random: Randomness;
  /** Parameters of new password hashes; a stored hash names its own. */
  readonly passwordCost: PasswordCost;
  /** How long a session lasts. */
  readonly sessionLimits: SessionLimitsByKind;
  readonly log: Log;
  /** Counts what is done, for metrics and alarms. */
  readonly meter: Meter;
  readonly publicSuffixes: PublicSuffixes;
  readonly isSpecialPurpose: (address: string) => boolean;
  readonly checkChallenge: CheckChallenge;
  /** How much an account may leave waiting. */
  readonly pendingLimitsOf: PendingLimitsOf;
  /** Places for such checks, of which there are only so many. */
  readonly checkPlaces: CheckPlaces;
  /** What work for an account follows its requests is charged here. */
  readonly turns: WorkCharges;
  readonly lookUpCaa: LookUpCaa;
  /** Asks the configured resolvers: for what people are shown, never for what proves a name. */
  readonly queryDns: DnsResolver['query'];
  readonly lookUpDelegation: LookUpDelegation;
  /** Where `_acme-challenge` is delegated to; null: no zone for that is configured. */
  readonly alias: AliasSetting | null;
  /** Secret of the answers by which our responder is known (`pki/responder-probe.ts`). */
  readonly responderSecret: Uint8Array;
  readonly resolverWatch: ResolverWatch;
  /** Null: no mail is sent, and validation by e-mail is not offered. */
  readonly mailer: Mailer | null;
  /** Limits on mail to a mailbox and a domain, over all accounts. */
  readonly mailLimits: MailLimits;
  /** Failed checks are forgotten after so many days; proofs no sooner than every certificate that relies on them is over. */
  readonly checksKeepDays: number;
  /** Days before an end at which its reminders are sent. */
  readonly reminderDays: readonly number[];
  /** Base URL of the links in mails, without a trailing slash. */
  readonly publicUrl: string;
  readonly issuers: ReadonlyMap<string, Issuer>;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly queue: JobQueue;
  /** Seals the keys that are made for customers. The master key itself never comes here. */
  readonly keySealer: KeySealer;
  readonly masterKeys: MasterKeys;
  /** Secret of the links that stop mail (`server-secrets.ts`): read at start, since mails are queued in transactions. */
  readonly mailStopSecret: Uint8Array;
  readonly sealedFiles: SealedFiles;
  readonly fetchUntrusted: FetchUntrusted;
  readonly objectionToUrl: ObjectionToUrl;
  /** True if a callback of an order may carry a private key over plain http. */
  readonly dangerSendKeysInClear: boolean;
  readonly webhookWriters: WebhookWriters;
  readonly proofMakers: ProofMakers;
  /** Challenges of upstreams that each dialect can show; a dialect that is not among them never relays. */
  readonly relayDoors: ReadonlyMap<string, RelayDoor>;
  /** Dialects whose API shows a request for every order, also where no approval was needed. */
  readonly numbersRequests: ReadonlySet<string>;
  /** Dialects whose callers see the objects of all front doors, and whose webhooks learn of them. */
  readonly widest: ReadonlySet<string>;
  /** The form of a new key, by dialect. Where there is none its clients bring keys of their own, bound by external account keys. */
  readonly keyFormats: ReadonlyMap<string, KeyFormat>;
  /** Dialects without `keyFormats`. */
  readonly keyBound: ReadonlySet<string>;
  /** The names of products that clients may order by a profile, of all directories. */
  readonly offeredProfiles: ReadonlySet<string>;
}

/** Which dialects have keys that are made here, and which others. */
export function keysOfDialects(
  dialects: readonly Pick<Dialect, 'name' | 'newKey'>[],
): Pick<AppContext, 'keyFormats' | 'keyBound'> {
  const formats = dialects.flatMap(({ name, newKey }) => (newKey === undefined ? [] : [[name, newKey] as const]));
  const keyBound = dialects.filter(({ newKey }) => newKey === undefined).map(({ name }) => name);
  return { keyFormats: new Map(formats), keyBound: new Set(keyBound) };
}

export type KeyFormat = (random: Randomness) => { readonly publicId: string; readonly secret: string };

/** A product's profile, by the rules of today. One that is not configured is the operator's mistake, found at start; here it cannot pass. */
export function profileOf(context: AppContext, profileId: string): Profile {
  const profile = context.profiles.get(profileId);
  if (profile === undefined) throw refuse('internal', {}, { cause: new Error(`no profile "${profileId}"`) });
  return profileAt(profile, context.clock.now());
}

/** @throws {CertError} internal for a dialect that is not open: nothing is ordered through it then */
export function proofMakerOf({ proofMakers }: AppContext, dialect: string): ProofMaker {
  const proofMaker = proofMakers.get(dialect);
  if (proofMaker !== undefined) return proofMaker;
  throw refuse('internal', {}, { cause: new Error(`the dialect ${dialect} is not open`) });
}

/** @throws {CertError} unavailable when the issuer is not configured (any more) */
export function issuerOf(context: AppContext, issuerId: string): Issuer {
  const issuer = context.issuers.get(issuerId);
  if (issuer === undefined) throw refuse('issuerUnavailable', { issuer: issuerId });
  return issuer;
}
