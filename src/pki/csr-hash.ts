/** The hashes of a request that Sectigo-style request tokens are made of (BR §1.6.1 "Request Token"). */
import { hash } from 'node:crypto';

export interface CsrHashes {
  /** 32 lower-case hex digits: the name of the DNS record or of the file. */
  readonly md5: string;
  /** 64 lower-case hex digits: what stands there. */
  readonly sha256: string;
}

/** The hashes of the request's DER, not of its PEM text. MD5 only picks a place to look at; SHA-256 is the proof. */
export function csrHashes(csrDer: Uint8Array): CsrHashes {
  return { md5: hash('md5', csrDer, 'hex'), sha256: hash('sha256', csrDer, 'hex') };
}
