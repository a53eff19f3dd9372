/** One operation of an API as a part of its page. */
import type { ApiExample, ApiMessage, ApiOperation, ApiReply } from '../domain/api-document.ts';
import type { DocsWords } from '../domain/messages/pages/api-docs.ts';
import { contentHtml, fieldList, insideOf, schemaHtml, typeOf } from './api-docs-schema.ts';
import { escaped, lines } from './html.ts';

export interface ApiCall {
  /** Upper case. */
  readonly method: string;
  readonly path: string;
  readonly operation: ApiOperation;
}

/** One call with its place, fields, replies and an exchange. */
export function operationHtml({ method, path, operation }: ApiCall, words: DocsWords): string {
  const id = escaped(operation.operationId);
  const example = operation['x-example'];
  const access = operation['x-access'] === 'public' ? ` <span class="public">${words.isPublic}</span>` : '';
  return `<article id="${id}">
<h3><a href="#${id}">${escaped(operation.summary)}</a></h3>
<p class="call"><span class="method ${method.toLowerCase()}">${method}</span> <code>${pathHtml(path)}</code>${access}</p>
<div class="${example === undefined ? 'alone' : 'columns'}">
<div>
${parametersHtml(operation, words)}${bodyHtml(operation, words)}${repliesHtml(operation, words)}
</div>
${example === undefined ? '' : exampleHtml(example, words)}
</div>
</article>`;
}

/** Long paths break where a person would break them. */
function pathHtml(path: string): string {
  return escaped(path).replaceAll('/', '<wbr>/');
}

function parametersHtml({ parameters = [] }: ApiOperation, words: DocsWords): string {
  if (parameters.length === 0) return '';
  const fields = parameters.map(({ name, in: place, required = false, description, schema }) => ({
    name,
    schema: description === undefined ? schema : { ...schema, description },
    isRequired: required,
    place: words.places[place],
  }));
  return `<h4>${words.parameters}</h4>${fieldList(fields, { words, direction: 'sent' })}`;
}

function bodyHtml({ requestBody }: ApiOperation, words: DocsWords): string {
  if (requestBody === undefined) return '';
  return contentHtml(requestBody.content, { words, direction: 'sent' })
    .map(({ type, html }) => `<h4>${words.body} <span class="media">${type}</span></h4>${html}`)
    .join('');
}

/** Closed at first: who reads about a call wants to know what to send. Refusals are the same everywhere: their statuses only. */
function repliesHtml({ responses }: ApiOperation, words: DocsWords): string {
  const own = Object.entries(responses).flatMap(([status, reply]) =>
    '$ref' in reply ? [] : [[status, reply] as const],
  );
  const shared = Object.keys(responses).filter((status) => own.every(([known]) => known !== status));
  const refusals = `<p class="reply">${words.anyRefusal} <b>${shared.map(escaped).join(', ')}</b></p>`;
  return own.map(([status, reply]) => replyHtml(status, reply, words)).join('') + (shared.length === 0 ? '' : refusals);
}

function replyHtml(status: string, { content = {}, description }: ApiReply, words: DocsWords): string {
  const types = Object.keys(content).map(escaped).join(', ');
  const about = `${escaped(description)} · ${types === '' ? words.noContent : types}`;
  const title = `${words.reply} <b>${escaped(status)}</b> <span class="media">${about}</span>`;
  const [schema = {}] = Object.values(content).map((one) => one.schema);
  if (insideOf(schema, { words, direction: 'received' }) !== '') {
    return `<details><summary>${title}</summary>${schemaHtml(schema, { words, direction: 'received' })}</details>`;
  }
  return `<p class="reply">${title}${types === '' ? '' : ` <span class="type">· ${typeOf(schema, words)}</span>`}</p>`;
}

function exampleHtml({ request, response }: ApiExample, words: DocsWords): string {
  const sent = messageText(`${request.method} ${request.path}`, request);
  const received = messageText(`HTTP ${response.status}`, response);
  return `<aside aria-label="${words.example}">
<p class="media">${words.example}</p>
<pre>${lines(sent)}</pre>
<pre class="received">${lines(received)}</pre>
</aside>`;
}

function messageText(first: string, { headers, body }: ApiMessage): string {
  const head = [first, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\n');
  return body === '' ? head : `${head}\n\n${body.trimEnd()}`;
}
