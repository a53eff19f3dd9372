/**
 * A double of WoSign's ACMAPI, from its document (contract wosign): one call with two meanings, codes as texts, and replies that are printed
 * as the document prints them, defects included.
 */
import type { Clock } from '../../../src/domain/ports/system.ts';
import { csrDerOf } from '../../../src/pki/csr.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { type Booked, type Books, createBooks, type Double, type Mishap, strangeState } from './books.ts';

export type WosignOperation = 'apply' | 'fetch';

type Fields = Readonly<Record<string, unknown>>;

export interface WosignDouble extends Double<WosignOperation> {
  /** Names that do not serve the signfile. */
  readonly unserved: Set<string>;
  /** As in the document: blanks, a missing comma, the name behind the brace. */
  isSloppy: boolean;
  /** Only the certificate itself. */
  sendsNoChain: boolean;
  /** What a call is refused with, from now on. */
  refusal: number | undefined;
}

export const wosignKeys = { customer_id: 'customer_XXXXX01', auth_token: 'authority_XXXXXX01' };

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, otherMessage = '') {
    super(otherMessage);
    this.status = status;
  }
}

export function createWosignDouble(clock: () => Pick<Clock, 'now'>): WosignDouble {
  const books: Books<WosignOperation, Booked> = createBooks(clock, async (request) => {
    const fields = (await request.json()) as Fields;
    const operation = typeof fields.handle_id === 'string' && fields.handle_id !== '' ? 'fetch' : 'apply';
    return { operation, act: async (mishap) => new Response(await answer(operation, fields, mishap)) };
  });
  const double: WosignDouble = Object.assign(books, {
    unserved: new Set<string>(),
    isSloppy: false,
    sendsNoChain: false,
    refusal: undefined,
  });

  async function answer(operation: WosignOperation, fields: Fields, mishap: Mishap | undefined): Promise<string> {
    try {
      if (double.refusal !== undefined) throw new Refusal(double.refusal);
      if (fields.customer_id !== wosignKeys.customer_id) throw new Refusal(101);
      if (fields.auth_token !== wosignKeys.auth_token) throw new Refusal(102);
      if (fields.req_type !== 'cert_apply') throw new Refusal(103);
      return shown(operation === 'fetch' ? known(fields.handle_id) : await apply(fields), mishap);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      const { status, message } = thrown;
      if (double.isSloppy) {
        const behind = message === '' ? '' : `\n\n“other_msg”: “${message}”\n\n}`;
        return `{\n  "result":"error",\n  "status":"${status}",\n}${behind}`;
      }
      return JSON.stringify({
        result: 'error',
        status: String(status),
        ...(message === '' ? {} : { other_msg: message }),
      });
    }
  }

  async function apply(fields: Fields): Promise<Booked> {
    const { domain_name: names, csr } = fields;
    if (!Array.isArray(names) || names.length === 0) throw new Refusal(105);
    if (names.length > 5) throw new Refusal(106);
    if (names.some((name) => !/^[a-z0-9.-]+\.[a-z][a-z0-9-]*$/.test(String(name)))) throw new Refusal(105);
    if (typeof csr !== 'string') throw new Refusal(104);
    const unserved = names.find((name) => double.unserved.has(String(name)));
    if (unserved !== undefined) throw new Refusal(107, String(unserved));
    return books.add({
      reference: `handle_XXXXXX${String(books.taken + 1).padStart(2, '0')}`,
      clientReference: null,
      kind: 'new',
      product: '',
      names: names.map(String),
      placedAt: books.now(),
      csr: csrDerOf(csr),
      methods: new Map(),
      wire: fields,
      state: 'pending',
      certificate: undefined,
      isRevoked: false,
    });
  }

  function known(handle: unknown): Booked {
    const order = books.known(String(handle));
    if (order === undefined) throw new Refusal(108);
    if (order.state === 'refused') throw new Refusal(109);
    const unserved = order.names.find((name) => double.unserved.has(name));
    if (unserved !== undefined && order.state !== 'issued') throw new Refusal(107, unserved);
    return order;
  }

  function shown({ reference, certificate }: Booked, mishap: Mishap | undefined): string {
    if (mishap === 'garbage')
      return JSON.stringify({ result: strangeState, status: strangeState, handle_id: reference });
    const handle = mishap === 'bare' && certificate !== undefined ? {} : { handle_id: reference };
    if (certificate === undefined) {
      return double.isSloppy
        ? `{\n  "result":" pending",\n  "status": "1",\n  "handle_id": "${reference}",\n}`
        : JSON.stringify({ result: 'pending', status: '1', ...handle });
    }
    const ders = double.sendsNoChain ? [certificate.der] : [certificate.der, ...certificate.chain];
    const pem = ders.map((der) => encodePem('CERTIFICATE', der)).join('');
    return double.isSloppy
      ? `{\n  "result":"success",\n  "status": "0",\n  "handle_id":" ${reference}"\n  "certificate": " ${pem}",\n}`
      : JSON.stringify({ result: 'success', status: '0', ...handle, certificate: pem });
  }

  return double;
}
