/**
 * The signfile: one file for each customer, which every name of every order must serve (the document, 3.1). It is a pure
 * function of the key, so that it can be shown when the key is made and need not be kept: keys are stored as hashes.
 */
import { hash } from 'node:crypto';
import type { Binding, Challenge } from '../../domain/challenge.ts';

export const signfilePath = '/.well-known/pki-validation/signfile';

/** Keeps the value apart from every other hash of a key, above all from the one by which the server knows it. */
const purpose = 'certmux wosign signfile v1';

export interface CustomerKey {
  readonly customerId: string;
  readonly authToken: string;
}

/** 64 hex digits. They are public and tell nothing of the token, which has 128 random bits. */
export function signfileOf({ customerId, authToken }: CustomerKey): string {
  return hash('sha256', [purpose, customerId, authToken].join('\0'), 'hex');
}

/** `http(s)://<name>/.well-known/pki-validation/signfile`: either of the two proves the name. */
export function signfileChallenges(content: string, binding: Binding = 'account'): readonly Challenge[] {
  return [
    { method: 'httpFile', binding, path: signfilePath, content },
    { method: 'httpsFile', binding, path: signfilePath, content },
  ];
}
