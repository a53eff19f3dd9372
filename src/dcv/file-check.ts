/**
 * The file methods: `path` at the name must serve `content` (BR §3.2.2.4.18 agreed-upon change to website, and
 * §3.2.2.5.1 for addresses). Any 2xx is a success there, and so it is here.
 */
import type { AnswerSource, Challenge } from '../domain/challenge.ts';
import { type Reason, reason } from '../domain/errors.ts';
import { baseName, type Identifier } from '../domain/identifier.ts';
import type { FetchUntrusted, PartialAnswer, UntrustedOutcome } from '../domain/ports/system.ts';
import { excerpt, quotedExcerpt } from './evidence.ts';
import type { Finding } from './measured.ts';

export type FileChallenge = Extract<Challenge, { readonly method: 'httpFile' | 'httpsFile' }>;

export interface FileCheck {
  readonly identifier: Identifier;
  readonly challenge: FileChallenge;
  readonly scheme: 'http' | 'https';
  readonly fetchUntrusted: FetchUntrusted;
  readonly signal: AbortSignal;
}

export async function checkFile({
  identifier,
  challenge,
  scheme,
  fetchUntrusted,
  signal,
}: FileCheck): Promise<Finding> {
  const requested = fileUrl(identifier, challenge, scheme);
  const outcome = await fetchUntrusted({ url: requested, signal });
  const answer = outcome.ok ? outcome : outcome.cut;
  const found = answer === undefined ? '' : textOf(answer.body);
  const problem = problemOf(outcome, found, challenge.content);
  return {
    method: challenge.method,
    binding: challenge.binding,
    proved: problem === undefined,
    asked: requested,
    answeredBy: outcome.connectedTo,
    answer: answer === undefined ? '' : answerText({ ...answer, url: outcome.url }, found, requested),
    source: sourceOf(outcome, requested, answer),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** A redirect within the name, such as from http to https, is still the name. */
function sourceOf(outcome: UntrustedOutcome, asked: string, answer: PartialAnswer | undefined): AnswerSource {
  const isOwn = outcome.isPublic && URL.parse(outcome.url)?.hostname === URL.parse(asked)?.hostname;
  return answer === undefined ? { isOwn } : { isOwn, status: answer.status, sizeBytes: answer.body.byteLength };
}

function fileUrl(identifier: Identifier, { path }: FileChallenge, scheme: string): string {
  const host = identifier.kind === 'ipv6' ? `[${identifier.value}]` : baseName(identifier);
  return `${scheme}://${host}${path.startsWith('/') ? '' : '/'}${path}`;
}

function problemOf(outcome: UntrustedOutcome, found: string, expected: string): Reason | undefined {
  if (!outcome.ok) {
    // Some servers announce more than they send, or do not end their last chunk. What is all there is there.
    const isWhole = outcome.cut !== undefined && comparable(found) === comparable(expected);
    return isWhole ? undefined : outcome.problem;
  }
  const { url, status } = outcome;
  if (status < 200 || status > 299) return reason('httpStatus', { url, status });
  if (comparable(found) === comparable(expected)) return undefined;
  if (isInUtf16(outcome.body, expected)) return reason('fileInUtf16', { url });
  return reason('fileWrongContent', { url, found: quotedExcerpt(found), expected: quotedExcerpt(expected) });
}

/** UTF-8 unless a byte order mark says UTF-16, which is what PowerShell's `>` and Notepad's "Unicode" write. */
function textOf(body: Uint8Array): string {
  const mark = body.length < 2 ? 0 : (body[0] ?? 0) * 256 + (body[1] ?? 0);
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(body);
}

/** The right content in UTF-16 without a byte order mark: a mistake that is better named than shown as characters that nobody typed. */
function isInUtf16(body: Uint8Array, expected: string): boolean {
  return ['utf-16le', 'utf-16be'].some(
    (encoding) => comparable(new TextDecoder(encoding).decode(body)) === comparable(expected),
  );
}

/**
 * Editors and FTP clients change line ends, add blanks, a last newline or a byte order mark (TextDecoder drops that);
 * none of this makes the proof weaker. trimEnd rather than a regular expression: a pattern such as \s+$ takes quadratic
 * time on a file of blanks.
 */
function comparable(text: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd());
  return lines.join('\n').trimEnd();
}

function answerText(
  { status, url, body }: PartialAnswer & { readonly url: string },
  found: string,
  asked: string,
): string {
  const from = url === asked ? '' : ` from ${excerpt(url)}`;
  return `HTTP ${status}${from}, ${body.byteLength} bytes: ${quotedExcerpt(found)}`;
}
