/** Replies of an operation as its document has them: each status that it may answer, with headers, media types and body. */
import { z } from 'zod';
import type {
  ApiContent,
  ApiHeader,
  ApiMessage,
  ApiOperation,
  ApiReference,
  ApiReply,
} from '../../domain/api-document.ts';
import type { Language } from '../../domain/language.ts';
import { inLanguage, type Wording } from '../../domain/messages/words.ts';
import type { DialectDocs } from './docs.ts';
import { componentsPath, hoist, type Schemas } from './openapi-schema.ts';
import type { OperationDescription } from './operation.ts';

export const json = 'application/json';

const responsesPath = '#/components/responses/';

/** What a reply may need to be described with. */
export interface RepliesContext {
  readonly docs: DialectDocs;
  readonly schemas: Schemas;
  readonly refusal: ApiContent;
  readonly language: Language;
}

/** The body of a refusal, always as a reference to a shared schema: it is part of every operation. */
export function refusalContent({ error }: DialectDocs, schemas: Schemas): ApiContent {
  const schema = hoist(error.schema, 'output', schemas);
  const { contentType = json } = error;
  if ('$ref' in schema) return { [contentType]: { schema } };
  schemas.Refusal = schema;
  return { [contentType]: { schema: { $ref: `${componentsPath}Refusal` } } };
}

/** What is refused before any dialect sees it: headers, the path and its query among them, of more than 16 KiB. */
const tooLongHead = 431;

/** Refusals by status, to which operations refer. Those with the status of a success are described with it. */
export function sharedRefusals({ docs, refusal, language }: RepliesContext): Readonly<Record<string, ApiReply>> {
  const own = refusalStatuses(docs).filter((status) => status >= 400);
  const replies = own.map((status): readonly [string, ApiReply] => {
    const shown = docs.refusals.filter((row) => row.status === status).map(({ shows }) => inLanguage(shows, language));
    const description = shown.join(language === 'zh' ? '、' : ', ');
    return [String(status), { description, headers: headersOf(docs, language, status), content: refusal }];
  });
  return {
    ...Object.fromEntries(replies),
    [tooLongHead]: { description: replyWords[language].tooLongHead, content: textContent },
  };
}

/** Some APIs refuse with the status of a success: there a reply is either of two. */
export function repliesOf(operation: OperationDescription, context: RepliesContext): ApiOperation['responses'] {
  const { docs, refusal, language } = context;
  const words = replyWords[language];
  const replies: Record<string, ApiReply | ApiReference> = {};
  for (const [status, content] of successesOf(operation, context)) {
    const isShared = docs.refusals.some((row) => row.status === status);
    const both = isShared ? either(content ?? {}, operation.refusesInText === true ? textContent : refusal) : content;
    replies[status] = {
      description: isShared ? words.either : words.success,
      headers: headersOf(docs, language, status, operation),
      ...(both === undefined ? {} : { content: both }),
    };
  }
  for (const status of [...refusalStatuses(docs), tooLongHead])
    replies[status] ??= { $ref: `${responsesPath}${status}` };
  return replies;
}

const replyWords = {
  en: { success: 'Success', either: 'Success or refusal', tooLongHead: 'URL and headers of more than 16 KiB' },
  zh: { success: '成功', either: '成功或错误', tooLongHead: 'URL 和请求头超过 16 KiB' },
} as const satisfies Record<Language, object>;

const textContent: ApiContent = { 'text/plain': { schema: { type: 'string' } } };

function refusalStatuses({ refusals }: DialectDocs): readonly number[] {
  return [...new Set(refusals.map(({ status }) => status))].sort((a, b) => a - b);
}

/** By status; no content where nothing but the status answers. */
function successesOf(
  operation: OperationDescription,
  { docs, schemas }: RepliesContext,
): readonly (readonly [status: number, content: ApiContent | undefined])[] {
  const { status = 200, response, mediaTypes, render, otherMediaTypes = [], otherStatuses = [] } = operation;
  const withBody = optionsOf(response).filter((option) => !isNothing(option));
  const others = (content: ApiContent | undefined) => otherStatuses.map((other) => [other, content] as const);
  if (withBody.length === 0)
    return [[render === undefined && operation.status === undefined ? 204 : status, undefined], ...others(undefined)];
  const [only = response, ...more] = withBody;
  const body = more.length === 0 ? only : response;
  const schema = mediaTypes === undefined ? hoist(body, 'output', schemas) : { type: 'string' };
  const sent = docs.examples?.[operation.id]?.response;
  const content: ApiContent = Object.fromEntries([
    ...(mediaTypes ?? [json]).map((type) => [type, { schema, ...exampleOf(sent, type) }]),
    ...otherMediaTypes.map((type) => [type, { schema: { type: 'string' } }]),
  ]);
  const isOptional = withBody.length < optionsOf(response).length;
  return [[status, content], ...others(content), ...(isOptional ? [[204, undefined] as const] : [])];
}

function optionsOf(schema: z.ZodType): readonly z.ZodType[] {
  // A union that discriminates has no member that is nothing.
  return schema instanceof z.ZodUnion ? (schema.options as readonly z.ZodType[]) : [schema];
}

function isNothing(schema: z.ZodType): boolean {
  return schema instanceof z.ZodVoid || schema instanceof z.ZodUndefined;
}

function either(success: ApiContent, refusal: ApiContent): ApiContent {
  const both: Record<string, ApiContent[string]> = { ...success };
  for (const [type, { schema }] of Object.entries(refusal)) {
    const other = both[type];
    const isSame = JSON.stringify(other?.schema) === JSON.stringify(schema);
    both[type] =
      other === undefined || isSame ? { ...other, schema } : { ...other, schema: { anyOf: [other.schema, schema] } };
  }
  return both;
}

/** The body as a value where it is JSON, else as text; nothing where the message is of another type, or invalid JSON. */
export function exampleOf(message: ApiMessage | undefined, type: string): { readonly example?: unknown } {
  const sentType = message?.headers['content-type'] ?? json;
  if (message === undefined || message.body === '' || !sentType.startsWith(type)) return {};
  if (type !== json) return { example: message.body };
  try {
    return { example: JSON.parse(message.body) };
  } catch {
    return {};
  }
}

const requestId = {
  en: 'By it the operator finds the request in the log.',
  zh: '请求编号，管理员凭此在日志中查找该请求。',
};
const retryAfter = { en: 'Seconds after which the same request may succeed.', zh: '多少秒后可以重试。' };

function headersOf(
  docs: DialectDocs,
  language: Language,
  status: number,
  operation?: OperationDescription,
): Readonly<Record<string, ApiHeader>> {
  const header = (text: Wording): ApiHeader => ({
    description: inLanguage(text, language),
    schema: { type: 'string' },
  });
  const isRefusal = docs.refusals.some((row) => row.status === status);
  const headers: Readonly<Record<string, Wording>> = {
    'X-Request-Id': requestId,
    ...docs.answerHeaders,
    ...(isRefusal && retriedStatuses.includes(status) ? { 'Retry-After': retryAfter } : {}),
    ...(isRefusal ? docs.refusalHeaders?.(status) : {}),
    ...operation?.replyHeaders,
  };
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, header(text)]));
}

/** In APIs whose refusals have the status of a success the header comes with any reply. */
const retriedStatuses: readonly number[] = [200, 429, 503];
