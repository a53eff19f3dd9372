/** The TCP connections of our own DNS server: messages with their length before them, several at once (RFC 7766 §6.2.1.1). */
import type { Socket } from 'node:net';
import { networkOf } from '../domain/address-range.ts';
import type { AnswerDns, DnsMeter } from '../domain/ports/dns-server.ts';
import type { Log } from '../domain/ports/system.ts';

export interface DnsLimits {
  /** Packets that are being answered at the same time over UDP; further ones are dropped. */
  readonly maxPending: number;
  readonly maxConnections: number;
  /** Of one address, or one /64 of IPv6. */
  readonly maxConnectionsEach: number;
  /** RFC 7766 §6.2.3: a connection is closed that brings no whole message for so long, or does not take its answers. */
  readonly idleMs: number;
  /** Messages of one connection that are being answered at the same time; what follows waits. */
  readonly maxPipelined: number;
}

export interface DnsConnections {
  add(socket: Socket): void;
  /** Ends all. */
  end(): void;
}

export interface DnsConnectionsOptions {
  readonly answer: AnswerDns;
  readonly log: Log;
  readonly meter: DnsMeter;
  readonly limits: DnsLimits;
}

export function createDnsConnections(options: DnsConnectionsOptions): DnsConnections {
  const { meter, limits } = options;
  // With the network of each. The order is that of the last message: the first has been idle for the longest time.
  const open = new Map<Socket, string>();
  return {
    add(socket) {
      const { remoteAddress: address } = socket;
      const network = networkOf(address ?? '');
      const fromThere = [...open.values()].filter((one) => one === network).length;
      // Without an address it has gone already.
      if (address === undefined || fromThere >= limits.maxConnectionsEach) {
        socket.destroy();
        return meter.dnsDropped('tcp', 'busy');
      }
      const [idlest] = open.keys();
      // Who keeps connections open without using them must not keep out resolvers that were sent here (RFC 7766 §6.2.3).
      if (open.size >= limits.maxConnections && idlest !== undefined) {
        idlest.destroy();
        open.delete(idlest);
        meter.dnsDropped('tcp', 'busy');
      }
      open.set(socket, network);
      socket.once('close', () => open.delete(socket));
      serve(socket, address, {
        ...options,
        onMessage() {
          if (!open.delete(socket)) return;
          open.set(socket, network);
        },
      });
    },
    end() {
      for (const socket of open.keys()) socket.destroy();
    },
  };
}

interface Serving extends DnsConnectionsOptions {
  /** A whole message has come. */
  readonly onMessage: () => void;
}

function serve(socket: Socket, address: string, { answer, log, limits, onMessage }: Serving): void {
  let pending = 0;
  let hasEnded = false;
  const idle = setTimeout(() => socket.destroy(), limits.idleMs);
  const reader = createMessageReader((message) => {
    pending++;
    idle.refresh();
    onMessage();
    answer(message, { address, transport: 'tcp' })
      .then((bytes) => {
        if (bytes === undefined || socket.destroyed) socket.destroy();
        else socket.write(framed(bytes));
      })
      .catch((error) => {
        log.error({ err: error }, 'a DNS query could not be answered');
        socket.destroy();
      })
      .finally(() => {
        pending--;
        goOn();
      });
  });
  /** Reads on, unless so much is under way, or so many answers are not taken, that the sender has to wait. */
  const goOn = () => {
    if (socket.destroyed) return;
    if (pending < limits.maxPipelined && !socket.writableNeedDrain) {
      reader.readMost(limits.maxPipelined - pending);
      if (reader.isWaiting) socket.resume();
    }
    if (hasEnded && pending === 0 && reader.isWaiting) socket.end();
  };
  socket.on('data', (bytes: Buffer) => {
    reader.add(bytes);
    socket.pause();
    goOn();
  });
  socket.on('drain', goOn);
  socket.on('end', () => {
    hasEnded = true;
    goOn();
  });
  socket.on('error', () => socket.destroy());
  socket.once('close', () => clearTimeout(idle));
}

/** One write, so that length and message go out together (RFC 7766 §8). */
function framed(message: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(2 + message.length);
  bytes.writeUInt16BE(message.length);
  bytes.set(message, 2);
  return bytes;
}

interface MessageReader {
  add(bytes: Buffer): void;
  /** Hands on so many messages at most of those that are whole. */
  readMost(count: number): void;
  /** There is no whole message left: more has to come. */
  readonly isWaiting: boolean;
}

/** Puts messages together in the time of one copy, however small the pieces are that they come in. */
function createMessageReader(onMessage: (message: Buffer) => void): MessageReader {
  let unread: Buffer = Buffer.alloc(0);
  let lengthHigh: number | undefined;
  let message: Buffer | undefined;
  let filled = 0;
  let isWaiting = true;

  /** Undefined where what has come is not all of it. */
  const next = (): Buffer | undefined => {
    for (let at = 0; ; ) {
      if (message !== undefined && filled === message.length) {
        const whole = message;
        unread = unread.subarray(at);
        [message, filled] = [undefined, 0];
        return whole;
      }
      if (at === unread.length) break;
      if (message !== undefined) {
        const copied = unread.copy(message, filled, at);
        filled += copied;
        at += copied;
        continue;
      }
      const byte = unread.readUInt8(at++);
      if (lengthHigh === undefined) lengthHigh = byte;
      else {
        message = Buffer.allocUnsafe(lengthHigh * 256 + byte);
        lengthHigh = undefined;
      }
    }
    unread = Buffer.alloc(0);
    return undefined;
  };

  return {
    add(bytes) {
      unread = unread.length === 0 ? bytes : Buffer.concat([unread, bytes]);
      isWaiting = false;
    },
    readMost(count) {
      for (let read = 0; read < count; read++) {
        const whole = next();
        isWaiting = whole === undefined;
        if (whole === undefined) return;
        onMessage(whole);
      }
      isWaiting = false;
    },
    get isWaiting() {
      return isWaiting;
    },
  };
}
