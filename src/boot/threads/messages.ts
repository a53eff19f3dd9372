/**
 * What goes between the thread of the core and a front-door thread. Each message holds all calls, or all answers, of one turn of its
 * sender's event loop, written by V8's serializer into memory that is handed over and not copied; `Uint8Array`s that come out of it
 * are views of that memory.
 */
import { deserialize, serialize } from 'node:v8';
import type { MessagePort, Worker } from 'node:worker_threads';
import { CertError, type Reason, refuse } from '../../domain/errors.ts';
import type { Peer } from '../../domain/ports/dialect.ts';
import type { TlsMaterial } from '../../http/listen.ts';
import type { Names, NamesMessage } from './named-objects.ts';

/** A call of a method of a port. Numbers are of the thread that calls. */
export type Call = readonly [number: number, port: string, method: string, args: readonly unknown[]];

export type Answer =
  /** With `names`, those properties are named objects. */
  | readonly [number: number, isRefused: false, value: unknown, names?: Names]
  | readonly [number: number, isRefused: true, error: CrossedError];

/** A request that was answered, for the metrics: front door, HTTP status, duration. */
export type Observation = readonly [mount: string, status: number, durationMs: number];

/** From a front-door thread. */
export type FromThread =
  | { readonly kind: 'calls'; readonly calls: readonly Call[] }
  | { readonly kind: 'observations'; readonly observations: readonly Observation[] }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'listening' }
  /** Why it cannot start. */
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'closed' };

/** To a front-door thread. */
export type ToThread<Start> =
  | { readonly kind: 'start'; readonly start: Start }
  | { readonly kind: 'answers'; readonly answers: readonly Answer[] }
  | NamesMessage
  | { readonly kind: 'tls'; readonly material: TlsMaterial }
  | { readonly kind: 'close'; readonly graceMs: number };

export function send(to: Pick<MessagePort | Worker, 'postMessage'>, message: unknown): void {
  const bytes = serialize(message);
  to.postMessage(bytes, [bytes.buffer]);
}

export function receive<Message>(bytes: Uint8Array): Message {
  return deserialize(bytes);
}

/** An error as it crosses. One that is no refusal is internal on the other side; its cause goes along, for the log. */
export interface CrossedError {
  readonly reason: Reason;
  readonly cause: unknown;
}

export function crossing(thrown: unknown): CrossedError {
  const { reason, cause } = thrown instanceof CertError ? thrown : refuse('internal', {}, { cause: thrown });
  // Of anything but an error nothing is known, not even that it can cross.
  return { reason, cause: cause instanceof Error ? cause : undefined };
}

export function crossed({ reason, cause }: CrossedError): CertError {
  return new CertError(reason, { cause });
}

/** A request that a front-door thread hands on, and its answer: what is not a dialect is answered by the core's thread. */
export interface PlainRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array | null;
  readonly peer: Peer;
}

export interface PlainResponse {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array | null;
}
