import type { CertError } from '../../domain/errors.ts';
import { TextResponse } from '../../domain/text-response.ts';
import type { OperationDescription } from './operation.ts';

/** An answer of an operation, and the refusal in it. */
export interface Answer {
  readonly operation: OperationDescription;
  readonly response: Response;
  /** In the vendor's words. */
  readonly error: CertError | undefined;
}

export type OnAnswer = (answer: Answer) => Promise<void>;

/** A reply of ours breaks its schema: a defect of the server, made loud in tests. */
export class ReplyMismatch extends Error {
  override readonly name = 'ReplyMismatch';
}

/** @throws {ReplyMismatch} */
export function checkReply(operation: OperationDescription, output: unknown): void {
  const result = operation.response.safeParse(output);
  if (!result.success) {
    throw new ReplyMismatch(`${operation.id}: the reply breaks its schema: ${result.error.message}`);
  }
  const sent = JSON.stringify(output);
  const read = JSON.stringify(result.data);
  if (sent !== read) throw new ReplyMismatch(`${operation.id}: the reply is read as ${read}, but was sent as ${sent}`);
} /** Replies in JSON. */

/**
 * The media type carries no charset: a client of DigiCert (sapcc/go-certcentral) compares the header as a whole before it reads
 * an error.
 */
export function jsonReply(
  body: unknown,
  {
    status = 200,
    headers = {},
  }: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  return new TextResponse(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

/** Documentation of the headers of a file. */
export const fileHeaders = {
  'Content-Disposition': { en: 'The name of the file.', zh: '文件名。' },
} as const;
