/**
 * Our authoritative DNS server for the alias zone, without its sockets: one packet in, one packet out. Whatever comes in, nothing is thrown, and
 * what is no query is not answered.
 */
import type { AliasZoneSettings } from '../domain/alias-zone.ts';
import type { AliasRecords } from '../domain/ports/alias-records.ts';
import type { AnswerDns, DnsMeter, DnsSender } from '../domain/ports/dns-server.ts';
import type { Clock, Log } from '../domain/ports/system.ts';
import { type Answer, answerQuestion, bare, type Rcode } from './answer.ts';
import { ednsVersion, maxBytesOf, writeAnswer, writeBare, writeTruncated } from './message.ts';
import { type Query, readQuery } from './query.ts';
import { createResponseRate } from './response-rate.ts';
import { createSerial } from './serial.ts';
import { createTimeLimit } from './time-limit.ts';
import { createZone } from './zone.ts';

export interface AliasServerOptions {
  readonly settings: AliasZoneSettings;
  readonly records: AliasRecords;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: DnsMeter;
  /** Answers over UDP that a network gets in a second; twenty times as many over TCP. */
  readonly perSecond?: number;
}

/**
 * Over TCP addresses are true, and a resolver behind which many ask may be sent there: so many times more. Each costs a look into the
 * database all the same, which must not be one network's alone.
 */
const tcpFactor = 20;

/** A CA looks from a handful of networks, a few queries for each name; a victim of forgeries gets 123 kB/s at most. */
const defaultPerSecond = 100;

/** Whoever asks has given up by then, or asks another node. */
const findTimeoutMs = 2000;

interface Reply {
  readonly bytes: Buffer;
  /** For the meter. */
  readonly result: Rcode | 'truncated';
}

export function createAliasServer(options: AliasServerOptions): AnswerDns {
  const { clock, log, meter } = options;
  const zone = createZone(options.settings);
  const perSecond = options.perSecond ?? defaultPerSecond;
  const rates = {
    udp: createResponseRate({ clock, perSecond }),
    tcp: createResponseRate({ clock, perSecond: perSecond * tcpFactor }),
  };
  const serial = createSerial(clock);
  const records = noticed(limited(options.records, clock), log);

  async function replyTo(query: Query, { transport }: DnsSender): Promise<Reply> {
    const limits = { zoneLabels: zone.labels.length, maxBytes: maxBytesOf(query, transport) };
    const reply = (answer: Answer): Reply | undefined => {
      const bytes = writeAnswer(query, answer, limits);
      return bytes && { bytes, result: answer.rcode };
    };
    const answer = await answerOf(query);
    // Nothing comes after TCP: what does not fit there is our own fault.
    const instead = () => (transport === 'udp' ? truncated(query) : reply(bare('SERVFAIL')));
    return reply(answer) ?? instead() ?? { bytes: writeBare(query.header, 'SERVFAIL'), result: 'SERVFAIL' };
  }

  async function answerOf(query: Query): Promise<Answer> {
    if (query.edns !== undefined && query.edns.version !== ednsVersion) return bare('BADVERS');
    try {
      return await answerQuestion(query, { zone, records, serial: serial() });
    } catch {
      // What it was has been noticed.
      return bare('SERVFAIL');
    }
  }

  return async (packet, from) => {
    const read = readQuery(packet);
    if (read.kind === 'ignored') {
      meter.dnsDropped(from.transport, 'unreadable');
      return undefined;
    }
    const share = rates[from.transport].take(from.address);
    // There is no asking again for what was no question, and nothing comes after TCP.
    const isLeft = share === 'truncate' && read.kind === 'query' && from.transport === 'udp';
    if (share !== 'answer' && !isLeft) {
      meter.dnsDropped(from.transport, 'rate');
      return undefined;
    }
    const { bytes, result } =
      read.kind !== 'query' ? refusalOf(read) : isLeft ? truncated(read.query) : await replyTo(read.query, from);
    meter.dnsAnswered(from.transport, result);
    return bytes;
  };
}

function truncated(query: Query): Reply {
  return { bytes: writeTruncated(query), result: 'truncated' };
}

type Unanswerable = Exclude<ReturnType<typeof readQuery>, { readonly kind: 'ignored' | 'query' }>;

function refusalOf(read: Unanswerable): Reply {
  if (read.kind === 'unknownOpcode') return { bytes: writeBare(read.header, 'NOTIMP'), result: 'NOTIMP' };
  return { bytes: writeBare(read.header, 'FORMERR', read.hasBrokenOpt), result: 'FORMERR' };
}

/** Gives up on a database that does not answer. */
function limited(records: AliasRecords, clock: Clock): AliasRecords {
  const within = createTimeLimit(clock, findTimeoutMs);
  return {
    async find(name) {
      return within(records.find(name));
    },
  };
}

/** Logs that look-ups begin to fail, and that they work again: one line each, however many there are. */
function noticed(records: AliasRecords, log: Log): AliasRecords {
  let isFailing = false;
  return {
    async find(name) {
      try {
        const found = await records.find(name);
        if (isFailing) log.info({}, 'the alias zone is answered again');
        isFailing = false;
        return found;
      } catch (error) {
        if (!isFailing) log.error({ err: error }, 'the records of the alias zone cannot be read: queries get SERVFAIL');
        isFailing = true;
        throw error;
      }
    },
  };
}
