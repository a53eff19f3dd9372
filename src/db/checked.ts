/** A database as `certmux verify` reads it: on either engine, also beside a server that works on it, and as it is at one moment. */
import type { SqlValue } from './fields.ts';
import { each, type Statement, sized, statement } from './prepared.ts';

export interface CheckedDatabase {
  /** The path, or the address without its password. */
  readonly title: string;
  all<P extends object, R>(form: Statement<P, R>, params: P): Promise<readonly R[]>;
  rows(sql: string): Promise<readonly (readonly SqlValue[])[]>;
  /** Names of the migrations that were carried out, in their order; none where it is no database of certmux. */
  migrations(): Promise<readonly string[]>;
  /** What is wrong with its pages, indexes and references, as far as the engine can tell; none where nothing is. */
  flaws(): Promise<readonly string[]>;
  close(): Promise<void>;
}

interface Piece {
  readonly after: number;
  readonly limit: number;
}

/** The parts that checks read, in pieces by their numbers. */
export const checkedStatements = {
  certificates: statement((db, p: Piece) =>
    db
      .selectFrom('certificates')
      .select(['number', 'der', 'serial', 'authority_id', 'upstream_chain_json'])
      .where('number', '>', p.after)
      .orderBy('number')
      .limit(p.limit),
  ),
  authorities: statement((db, _: object) =>
    db.selectFrom('authorities').select(['id', 'parent_id', 'subject', 'certificate']).orderBy('id').limit(1000),
  ),
  /** Accounts of which these are the numbers, for messages. */
  accountNames: sized((size) =>
    statement((db, p: { numbers: readonly number[] }) =>
      db.selectFrom('accounts').select(['number', 'name']).where('number', 'in', each(p.numbers, size)),
    ),
  ),
};

/** Rows of each that break a rule; a few, since one is enough to know. */
export const brokenRules = {
  /** RFC 5280 §4.1.2.2: unique for each CA. */
  serialTwice: `SELECT min(number), max(number) FROM certificates
    GROUP BY coalesce(authority_id, issuer_hash), serial HAVING count(*) > 1 ORDER BY 1 LIMIT 20`,
  balance: `SELECT accounts.number, balances.amount_minor, coalesce(sums.amount, 0)
    FROM balances JOIN accounts ON accounts.id = balances.account_id
    LEFT JOIN (SELECT account_id, sum(amount_minor) AS amount FROM ledger GROUP BY account_id) AS sums
      ON sums.account_id = balances.account_id
    WHERE balances.amount_minor <> coalesce(sums.amount, 0) ORDER BY 1 LIMIT 20`,
  running: `SELECT accounts.number, lines.sequence, lines.balance_after_minor, lines.running
    FROM (SELECT account_id, sequence, balance_after_minor,
        sum(amount_minor) OVER (PARTITION BY account_id ORDER BY sequence) AS running FROM ledger) AS lines
      JOIN accounts ON accounts.id = lines.account_id
    WHERE lines.balance_after_minor <> lines.running ORDER BY 1, 2 LIMIT 20`,
  /** Each event of an account is in its list, up to where the list goes. */
  accountEvents: `SELECT events.sequence FROM events
    WHERE events.account_id IS NOT NULL AND events.sequence <= (SELECT up_to FROM late_lists WHERE list = 'events')
      AND NOT EXISTS (SELECT 1 FROM account_events
        WHERE account_events.account_id = events.account_id AND account_events.sequence = events.sequence)
    ORDER BY 1 LIMIT 20`,
  subjectEvents: `SELECT events.sequence FROM events
    WHERE events.sequence <= (SELECT up_to FROM late_lists WHERE list = 'events')
      AND NOT EXISTS (SELECT 1 FROM subject_events
        WHERE subject_events.subject = events.subject AND subject_events.sequence = events.sequence)
    ORDER BY 1 LIMIT 20`,
  listedEvents: `SELECT account_events.sequence FROM account_events
    WHERE NOT EXISTS (SELECT 1 FROM events WHERE events.sequence = account_events.sequence) ORDER BY 1 LIMIT 20`,
  /** A certificate that is in force belongs to an order that says so. */
  activeOrders: `SELECT orders.number FROM orders
    WHERE orders.state = 'active'
      AND NOT EXISTS (SELECT 1 FROM certificates WHERE certificates.order_number = orders.number)
    ORDER BY 1 LIMIT 20`,
} as const;
