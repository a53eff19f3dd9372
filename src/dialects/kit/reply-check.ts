/**
 * Holds what we send against its own schema. One schema serves both halves and is tolerant, so passing it proves little;
 * what we send must also come out of it unchanged: no key that the schema does not know, the keys in the schema's order,
 * no value that needed a leniency.
 */
import type { OperationDescription } from './operation.ts';

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
}
