/** The customer's own DNS and web server, and how proofs get onto them. */
import type { CnameProof, FileProof, Offer, TxtProof } from './customer.ts';
import { type LoopbackDns, startLoopbackDns } from './loopback-dns.ts';
import { type LoopbackWeb, type Scheme, startLoopbackWeb } from './loopback-web.ts';
import { selfSigned } from './self-signed.ts';

export interface CustomerServers {
  readonly dns: LoopbackDns;
  readonly web: LoopbackWeb;
}

/** What proves one name, and how it is chosen to be proved here. */
export type Proof =
  | ({ readonly kind: 'file'; readonly name: string; readonly only?: Scheme } & FileProof)
  | ({ readonly kind: 'cname'; readonly name: string } & CnameProof)
  | ({ readonly kind: 'txt'; readonly name: string } & TxtProof);

export interface WantedName {
  readonly name: string;
  /** A record is the one that the API has. `any`: whatever the vendor behind it looks for. */
  readonly provedBy: 'file' | 'record' | 'any';
}

/**
 * The DNS knows where the hosts are; no proof is placed yet.
 * @param hasHttps the web server speaks HTTPS as well
 */
export async function startCustomerServers(
  hosts: readonly string[],
  cleanup: AsyncDisposableStack,
  hasHttps = false,
): Promise<CustomerServers> {
  const dns = await startLoopbackDns();
  cleanup.defer(() => dns.close());
  const web = await startLoopbackWeb(hasHttps ? { tls: await selfSigned(hosts[0] ?? 'localhost') } : {});
  cleanup.defer(() => web.close());
  for (const host of hosts) dns.set(host, 'A', web.address);
  return { dns, web };
}

/** Of the ways that are offered for each name, the one it is meant to be proved by. @throws {Error} where there is none */
export function chooseProofs(wanted: readonly WantedName[], offers: readonly Offer[]): readonly Proof[] {
  return wanted.map(({ name, provedBy }): Proof => {
    const offer = offers.find((candidate) => candidate.name === name);
    if (provedBy !== 'record' && offer?.file !== undefined) return { kind: 'file', name, ...offer.file };
    if (provedBy !== 'file' && offer?.cname !== undefined) return { kind: 'cname', name, ...offer.cname };
    if (provedBy !== 'file' && offer?.txt !== undefined) return { kind: 'txt', name, ...offer.txt };
    throw new Error(`the reply offers no ${provedBy === 'any' ? 'challenge' : provedBy} for ${name}`);
  });
}

/** Each where it belongs and nowhere else, so that every name is proved in its own way. */
export function placeProofs(proofs: readonly Proof[], { dns, web }: CustomerServers): void {
  for (const proof of proofs) {
    if (proof.kind === 'file') web.put(proof.name, proof.path, proof.content, proof.only);
    else if (proof.kind === 'cname') dns.set(proof.host, 'CNAME', proof.target);
    else dns.set(proof.host, 'TXT', proof.value);
  }
}
