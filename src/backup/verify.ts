/**
 * `certmux verify`: whether a database, or a backup of one, is whole and means what it says. It only reads, finds everything that
 * is wrong instead of the first, and names it.
 */

import { brokenRules, type CheckedDatabase, checkedStatements } from '../db/checked.ts';
import { fromJson } from '../db/fields.ts';
import { migrations as known } from '../db/migrations/index.ts';
import { sealedColumns, sealingStatements } from '../db/stores/sealing.ts';
import { type Reason, reason } from '../domain/errors.ts';
import { type IssuanceId, numberOf } from '../domain/ids.ts';
import { type SealedRow, sealedRows } from '../domain/ports/key-sealer.ts';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { isIssuedBy } from '../pki/chain.ts';
import type { Keyring } from '../pki/key-sealer.ts';

export const checkNames = [
  'schema',
  'pages',
  'keys',
  'authorities',
  'certificates',
  'serials',
  'ledger',
  'events',
] as const;
export type CheckName = (typeof checkNames)[number];

export interface CheckResult {
  readonly check: CheckName;
  /** What was looked at: migrations, sealed values, certificates, lines. */
  readonly count: number;
  /** What is wrong: the first twenty. */
  readonly flaws: readonly Reason[];
}

export interface VerifyOptions {
  readonly database: CheckedDatabase;
  /** Null: no master key was found, and whether it fits is a flaw. */
  readonly keyring: Keyring | null;
  readonly signal: AbortSignal;
}

type Check = (options: VerifyOptions, note: (done: number) => void) => Promise<Omit<CheckResult, 'check'>>;

const rowsAtOnce = 500;
const mostFlaws = 20;

/** In this order: what fails first explains what fails later. */
export const checks: Readonly<Record<CheckName, Check>> = {
  async schema({ database }) {
    const applied = await database.migrations();
    const names = new Set(known.map(({ name }) => name));
    const flaws = applied.filter((name) => !names.has(name)).map((migration) => reason('flawSchema', { migration }));
    return { count: applied.length, flaws: applied.length === 0 ? [reason('flawNoDatabase', {})] : flaws };
  },

  async pages({ database }) {
    const flaws = (await database.flaws()).map((detail) => reason('flawPage', { detail }));
    const [counted] = await database.rows('SELECT count(*) FROM orders');
    return { count: Number(counted?.[0] ?? 0), flaws };
  },

  async keys({ database, keyring, signal }, note) {
    const inUse = (await database.all(sealingStatements.inUse, {})).map(({ id }) => id);
    if (keyring === null) {
      return { count: 0, flaws: [reason('flawKeyMissing', { ids: inUse.join(', ') })] };
    }
    const flaws: Reason[] = [];
    let count = 0;
    for (const kind of sealedRows) {
      for await (const { id, sealed } of sealedOf(database, kind, signal)) {
        count++;
        if (count % rowsAtOnce === 0) note(count);
        try {
          keyring.open(sealed, { kind, id }).fill(0);
        } catch (thrown) {
          flaws.push(reason('flawSealed', { kind, id, detail: detailOf(thrown) }));
        }
      }
    }
    return { count, flaws };
  },

  async authorities({ database }) {
    const authorities = await readAuthorities(database);
    const flaws: Reason[] = [];
    for (const { subject, certificate, parentId } of authorities.values()) {
      const issuer = parentId === null ? certificate : authorities.get(parentId)?.certificate;
      const isBuilt = issuer !== undefined && (await isIssuedBy(certificate, issuer));
      if (!isBuilt) flaws.push(reason('flawAuthority', { subject }));
    }
    return { count: authorities.size, flaws };
  },

  async certificates({ database, signal }, note) {
    const authorities = await readAuthorities(database);
    const flaws: Reason[] = [];
    let count = 0;
    for (let after = 0; ; ) {
      signal.throwIfAborted();
      const page = await database.all(checkedStatements.certificates, { after, limit: rowsAtOnce });
      const found = await Promise.all(
        page.map((row) =>
          flawOf(row.der, {
            number: String(row.number),
            serial: row.serial,
            authority: row.authority_id === null ? undefined : authorities.get(row.authority_id)?.certificate,
            chain: row.upstream_chain_json === null ? [] : fromJson<readonly string[]>(row.upstream_chain_json),
          }),
        ),
      );
      flaws.push(...found.filter((flaw) => flaw !== undefined));
      count += page.length;
      note(count);
      const last = page.at(-1);
      if (last === undefined || page.length < rowsAtOnce) break;
      after = last.number;
    }
    const without = await database.rows(brokenRules.activeOrders);
    flaws.push(...without.map(([number]) => reason('flawOrderWithout', { number: String(number) })));
    return { count, flaws };
  },

  async serials({ database }) {
    const twice = await database.rows(brokenRules.serialTwice);
    const [counted] = await database.rows('SELECT count(*) FROM certificates');
    return {
      count: Number(counted?.[0] ?? 0),
      flaws: twice.map(([one, other]) => reason('flawSerialTwice', { one: String(one), other: String(other) })),
    };
  },

  async ledger({ database }) {
    const [counted] = await database.rows('SELECT count(*) FROM ledger');
    const balances = await database.rows(brokenRules.balance);
    const running = await database.rows(brokenRules.running);
    return {
      count: Number(counted?.[0] ?? 0),
      flaws: [
        ...balances.map(([account, balance, sum]) =>
          reason('flawBalance', { account: String(account), balance: String(balance), sum: String(sum) }),
        ),
        ...running.map(([account, line, says, sum]) =>
          reason('flawLedgerLine', {
            account: String(account),
            line: String(line),
            says: String(says),
            sum: String(sum),
          }),
        ),
      ],
    };
  },

  async events({ database }) {
    const [counted] = await database.rows('SELECT count(*) FROM events');
    const unlisted = [
      ...(await database.rows(brokenRules.accountEvents)),
      ...(await database.rows(brokenRules.subjectEvents)),
    ];
    const missing = await database.rows(brokenRules.listedEvents);
    return {
      count: Number(counted?.[0] ?? 0),
      flaws: [
        ...unlisted.map(([sequence]) => reason('flawEventUnlisted', { sequence: String(sequence) })),
        ...missing.map(([sequence]) => reason('flawEventGone', { sequence: String(sequence) })),
      ],
    };
  },
};

/** Runs one check. Something that cannot even be read is a flaw as well. */
export async function runCheck(
  check: CheckName,
  options: VerifyOptions,
  note: (done: number) => void,
): Promise<CheckResult> {
  try {
    const { count, flaws } = await checks[check](options, note);
    return { check, count, flaws: flaws.slice(0, mostFlaws) };
  } catch (thrown) {
    options.signal.throwIfAborted();
    return { check, count: 0, flaws: [reason('flawUnreadable', { detail: detailOf(thrown) })] };
  }
}

async function* sealedOf(database: CheckedDatabase, kind: SealedRow, signal: AbortSignal) {
  for (let after = ''; ; ) {
    signal.throwIfAborted();
    const afterNumber = numberOf(after as IssuanceId);
    const page = await database.all(sealedColumns[kind].page, { after, afterNumber, limit: rowsAtOnce });
    for (const { id, sealed } of page) if (sealed !== null) yield { id, sealed };
    const last = page.at(-1);
    if (last === undefined || page.length < rowsAtOnce) return;
    after = last.id;
  }
}

interface CheckedAuthority {
  readonly subject: string;
  readonly parentId: string | null;
  readonly certificate: Certificate;
}

async function readAuthorities(database: CheckedDatabase): Promise<ReadonlyMap<string, CheckedAuthority>> {
  const rows = await database.all(checkedStatements.authorities, {});
  return new Map(
    rows.map(({ id, parent_id: parentId, subject, certificate }) => [
      id,
      { subject, parentId, certificate: parseCertificate(certificate) },
    ]),
  );
}

interface Expectation {
  readonly number: string;
  readonly serial: string;
  readonly authority: Certificate | undefined;
  /** Of an upstream, as base64. */
  readonly chain: readonly string[];
}

function detailOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** What is wrong with one certificate; undefined where nothing is. */
async function flawOf(der: Uint8Array, { number, serial, authority, chain }: Expectation): Promise<Reason | undefined> {
  try {
    const certificate = parseCertificate(der);
    if (certificate.serialHex !== serial) {
      return reason('flawCertificateSerial', { number, serial, found: certificate.serialHex });
    }
    const issuers =
      authority === undefined ? chain.map((one) => parseCertificate(Uint8Array.fromBase64(one))) : [authority];
    if (issuers.length === 0) return reason('flawCertificateChain', { number });
    const path = [certificate, ...issuers];
    for (const [i, issuer] of issuers.entries()) {
      const signed = path[i];
      if (signed !== undefined && !(await isIssuedBy(signed, issuer))) {
        return reason('flawCertificateChain', { number });
      }
    }
    return undefined;
  } catch (thrown) {
    return reason('flawCertificateUnreadable', { number, detail: detailOf(thrown) });
  }
}
