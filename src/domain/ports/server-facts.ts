/** Port for front doors: what this installation is made of, and how its parts do. */
import type { Authority } from '../authority.ts';
import type { AuthorityOutlook } from '../authority-outlook.ts';
import type { Caller } from '../caller.ts';
import type { Profile } from '../profile.ts';
import type { UpstreamMode } from '../relay.ts';
import type { AuthorityRevocationReason } from './issuer.ts';
import type { CrlSummary } from './stores/crls.ts';
import type { BudgetStanding } from './upstreams.ts';

/** What the process was started with: it does not change while it runs. */
export interface InstallationFacts {
  readonly version: string;
  readonly startedAt: Date;
  readonly role: string;
  readonly threads: number;
  readonly publicUrl: string;
  /** As configured: scheme, address and port. */
  readonly listeners: readonly string[];
  /** Of the responder on port 80, where there is one. */
  readonly responders: readonly string[];
  readonly dataDirectory: string;
  readonly database: { readonly engine: 'sqlite' | 'postgres'; readonly title: string };
  /** Those that validation asks. */
  readonly resolvers: readonly string[];
  readonly mail: { readonly server: string; readonly tls: string; readonly from: string } | null;
  /** Every setting, the defaults too; secrets are left out. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The packages of others that it runs with. */
  readonly libraries: readonly Library[];
}

export interface Library {
  readonly name: string;
  readonly version: string;
  /** As SPDX calls it. */
  readonly licence: string;
}

/** A process that works on the database. */
export interface NodeFacts {
  readonly name: string;
  readonly version: string;
  readonly role: string;
  readonly startedAt: Date;
  /** To within some minutes. */
  readonly seenAt: Date;
  /** The one that answers. */
  readonly isThis: boolean;
}

export interface ServerState extends InstallationFacts {
  readonly now: Date;
  readonly nodes: readonly NodeFacts[];
  /** Most are as many as 10,000 of each. */
  readonly jobs: { readonly waiting: number; readonly running: number; readonly failed: number };
  /** Ordinary writes are refused, since little is left of the disk. */
  readonly isDiskFull: boolean;
  /** Why nothing is signed and nothing ends: the clock is wrong. Null: it is right. */
  readonly clockFault: string | null;
}

/** `working`; `faulty`: its last calls failed; `stopped`: nothing is sent there, or nothing is signed. */
export type IssuerHealth = 'working' | 'faulty' | 'stopped';

export interface IssuerState {
  readonly id: string;
  readonly kind: 'embedded' | 'upstream' | 'pool';
  readonly mode: UpstreamMode | 'relay';
  readonly health: IssuerHealth;
  /** Its last certificate, to within a minute; null: none is known of. */
  readonly lastIssuedAt: Date | null;
  /** Certificates of the last 30 days, today included. */
  readonly issuedIn30Days: number;
  /** The account at the upstream, by which `/upstreams` shows more; null: it has none. */
  readonly upstream: string | null;
  /** Of a pool: its members, in their order. */
  readonly members: readonly string[];
  /** Of the embedded one. */
  readonly authorities: readonly string[];
  /** A CA outside is to certify it, and has not yet. */
  readonly isWithoutCa: boolean;
  readonly queue: {
    /** Jobs of its lane that are due, and the time of the oldest. */
    readonly due: number;
    readonly oldestDueAt: Date | null;
    /** Orders at the upstream that are not over. */
    readonly underWay: number;
  };
  readonly breaker: { readonly openSince: Date | null; readonly nextTryAt: Date } | null;
  /** The one of which the least is left. */
  readonly budget: BudgetStanding | null;
  readonly lastFailure: { readonly at: Date | null; readonly faults: number; readonly detail: string } | null;
}

export interface AuthorityState {
  readonly authority: Authority;
  /** Null: none was published yet. */
  readonly crl: CrlSummary | null;
  /** Its key is outside, and its next list is to be handed in. */
  readonly isListDue: boolean;
  /** In all. Null for those who are no operators. */
  readonly certificates: { readonly issued: number; readonly revoked: number } | null;
}

export interface ServerFacts {
  /** Those of the configuration. */
  profiles(caller: Caller): Promise<readonly Profile[]>;
  authorities(caller: Caller): Promise<readonly AuthorityState[]>;
  /**
   * Has a new list made and waits for it, for some seconds. For operators.
   * @returns the authority as it is then; its list is the former one where that took longer
   * @throws {CertError} notFound
   */
  publishCrl(caller: Caller, authorityId: string): Promise<AuthorityState>;
  /** What becomes of the authorities. For operators. */
  outlook(caller: Caller): Promise<readonly AuthorityOutlook[]>;
  /**
   * Makes a successor of the authority now. For operators.
   * @returns the successor
   * @throws {CertError} notFound, authorityNotMade, authorityNotFollowed, noRootForSuccessor
   */
  rollAuthority(
    caller: Caller,
    authorityId: string,
    request: { readonly publishDays?: number },
  ): Promise<AuthorityState>;
  /** For operators. @throws {CertError} notFound, authorityNotRevocable */
  revokeAuthority(caller: Caller, authorityId: string, reason: AuthorityRevocationReason): Promise<AuthorityState>;
  /** For operators. */
  issuers(caller: Caller): Promise<readonly IssuerState[]>;
  /** For operators. */
  state(caller: Caller): Promise<ServerState>;
}
