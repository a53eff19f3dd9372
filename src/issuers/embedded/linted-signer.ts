/**
 * The one way to a signature of the embedded issuer: what is to be signed passes lint first (BR §4.3.1.2), and what does not pass is not
 * signed. There is no switch that turns it off. A finding is an event for the audit log and kept for the watchdog's alarm.
 */
import type { AuthoritySigner } from '../../domain/authority.ts';
import { CertError, type Reason, reason } from '../../domain/errors.ts';
import {
  type KeptLintFinding,
  keptLintFindings,
  type LintFinding,
  type LintKind,
  lintFindingsKey,
  withLintFinding,
} from '../../domain/lint.ts';
import type { Database } from '../../domain/ports/stores/index.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { CrlFrame } from '../../pki/crl.ts';
import { type CertificateLint, type ListFacts, lintEntries, lintList } from '../../pki/lint/index.ts';
import { assembleSigned, type Signer } from '../../pki/signature.ts';

/** Whose signature, and of what: for who reads of a finding. */
export interface SignedFor {
  /** The id of the authority that was to sign. */
  readonly authority: string;
  readonly kind: LintKind;
  /** The first name of a certificate, or the subject of an authority. */
  readonly subject: string;
}

export interface LintedSigner {
  /** The certificate, as DER. @throws {LintRefusal} */
  certificate(tbs: Buffer, options: CertificateOptions): Promise<Buffer>;
  /** The signature of a list over pieces that passed `entries`. @throws {LintRefusal} */
  list(list: ListToSign, options: ListOptions): Promise<Uint8Array>;
  /** Looks at a piece before it is kept. Changes nothing, so that it can be called in transactions. @throws {LintRefusal} */
  entries(piece: Uint8Array): void;
  /** Writes a refusal down that was thrown inside a transaction. */
  record(refusal: LintRefusal, of: SignedFor): Promise<void>;
}

/** Of this server, or with a key from a file. */
type CaSigner = Signer & Pick<AuthoritySigner, 'signParts'>;

interface CertificateOptions extends SignedFor {
  readonly signer: CaSigner;
  readonly lint: CertificateLint;
}

interface ListOptions extends SignedFor {
  readonly signer: CaSigner;
  readonly facts: ListFacts;
}

interface ListToSign {
  readonly frame: CrlFrame;
  readonly pieces: readonly Uint8Array[];
  readonly entriesSize: number;
}

/** Nothing was signed. */
export class LintRefusal extends CertError {
  readonly finding: LintFinding;

  constructor(finding: LintFinding) {
    super(refusalOf(finding));
    this.finding = finding;
  }
}

function refusalOf({ rule, source }: LintFinding): Reason {
  return reason('lintFound', { rule, source });
}

/** A list is tried again every few seconds at first: the same finding is written down once in so long. */
const repeatedMs = 3_600_000;

export function createLintedSigner({
  database,
  clock,
}: {
  /** Null where no server is: whoever signs there reads the refusal. */
  readonly database: Database | null;
  readonly clock: Clock;
}): LintedSigner {
  async function record({ finding }: LintRefusal, of: SignedFor): Promise<void> {
    if (database === null) return;
    const at = clock.now();
    const one: KeptLintFinding = { ...finding, ...of, atMs: at.getTime() };
    await database.write(
      async (tx) => {
        const before = keptLintFindings(await tx.settings.get(lintFindingsKey), at.getTime());
        if (before.some((known) => isSame(known, one) && one.atMs - known.atMs < repeatedMs)) return;
        await tx.settings.put(lintFindingsKey, withLintFinding(before, one));
        await tx.events.append({
          kind: 'lint.found',
          accountId: null,
          actor: 'system',
          subject: of.authority,
          data: { ...finding, what: of.kind, of: of.subject },
          requestId: null,
          at,
        });
      },
      { mayUseReserve: true },
    );
  }

  async function requireClean(findings: readonly LintFinding[], of: SignedFor): Promise<void> {
    const [first] = findings;
    if (first === undefined) return;
    const refusal = new LintRefusal(first);
    await record(refusal, of);
    throw refusal;
  }

  return {
    async certificate(tbs, { signer, lint, authority, kind, subject }) {
      await requireClean(lint(tbs, clock.now()), { authority, kind, subject });
      return assembleSigned(tbs, signer.algorithm, await signer.sign(tbs));
    },
    async list({ frame, pieces, entriesSize }, { signer, facts, authority, kind, subject }) {
      await requireClean(lintList({ ...frame, entriesSize }, facts, clock.now()), { authority, kind, subject });
      return signer.signParts([frame.before, ...pieces, frame.after]);
    },
    entries(piece) {
      const [first] = lintEntries(piece);
      if (first !== undefined) throw new LintRefusal(first);
    },
    record,
  };
}

function isSame(one: KeptLintFinding, other: KeptLintFinding): boolean {
  return (['rule', 'authority', 'kind', 'subject', 'found'] as const).every((field) => one[field] === other[field]);
}
