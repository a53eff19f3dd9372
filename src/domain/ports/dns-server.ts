/** What the sockets of our own DNS server and the server behind them ask of each other, and what is counted of it. */

export type DnsTransport = 'udp' | 'tcp';

/** Who has sent a packet: over UDP it is only who claims to have. */
export interface DnsSender {
  readonly address: string;
  readonly transport: DnsTransport;
}

/**
 * The answer to one packet, whole and within the size that its transport carries. Undefined: nothing is sent, and a connection is closed.
 * Never throws, whatever the packet holds.
 */
export type AnswerDns = (packet: Uint8Array, from: DnsSender) => Promise<Uint8Array | undefined>;

/**
 * `unreadable`: no query at all; `rate`: the network of the sender has had its share; `busy`: too many are being answered, or too many
 * connections are open.
 */
export type DnsDrop = 'unreadable' | 'rate' | 'busy';

/** Cheap, in memory, never throws. */
export interface DnsMeter {
  /** @param result the name of the RCODE; `truncated`: whoever has asked is to come over TCP */
  dnsAnswered(transport: DnsTransport, result: string): void;
  dnsDropped(transport: DnsTransport, reason: DnsDrop): void;
}
