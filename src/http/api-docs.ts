/**
 * `/api/docs`: every API that this server speaks, as pages for people and as OpenAPI documents for tools. Open to anyone, like the
 * manual that it is; nothing in it comes from the database.
 */

import { hash } from 'node:crypto';
import type { ApiDocument } from '../domain/api-document.ts';
import { acceptedLanguage, type Language } from '../domain/language.ts';
import type { DialectServer } from '../domain/ports/dialect.ts';
import { requestPath } from '../domain/request-path.ts';
import { apiPage, docsPath, docsStyleHash, indexPage, unknownApiPage } from './api-docs-page.ts';
import { documentHeaders } from './document-headers.ts';

export interface DocumentedApi {
  /** Its place in the path. */
  readonly name: string;
  document(language: Language): ApiDocument;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly tag: string;
}

const html = 'text/html; charset=utf-8';

const headers = documentHeaders({
  style: `'${docsStyleHash}'`,
  // Asked for again each time, answered with 304 until the server is another version.
  cacheControl: 'no-cache',
  vary: 'Accept-Language',
});

/** @param apis those that are open, in the order of the index */
export function createApiDocs(apis: readonly DocumentedApi[]): DialectServer {
  // Made at the first request: a page takes some milliseconds, and nothing in it changes while the server runs.
  const made = new Map<string, Answer>();
  const remembered = (key: string, make: () => Answer): Answer => {
    const known = made.get(key) ?? make();
    made.set(key, known);
    return known;
  };

  function answerTo(path: string, language: Language): Answer {
    const rest = path.slice(docsPath.length).replace(/^\//, '');
    if (rest === '') {
      return remembered(`${language} index`, () => {
        const summaries = apis.map((api) => ({ name: api.name, document: api.document(language) }));
        return answer(html, indexPage(summaries, language));
      });
    }
    const isJson = rest.endsWith('.json');
    const name = isJson ? rest.slice(0, -'.json'.length) : rest;
    const api = apis.find((candidate) => candidate.name === name);
    if (api === undefined) return answer(html, unknownApiPage(language), 404);
    return remembered(`${language} ${rest}`, () => {
      const document = api.document(language);
      return isJson
        ? answer('application/json', JSON.stringify(document, null, 2))
        : answer(html, apiPage({ name, document }, language));
    });
  }

  return {
    async fetch(request) {
      const { method } = request;
      if (method !== 'GET' && method !== 'HEAD')
        return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD' } });
      const url = new URL(request.url);
      const { status, type, body, tag } = answerTo(requestPath(request.url), languageOf(request, url));
      const common = { ...headers, ETag: tag, 'Content-Type': type };
      if (status === 200 && request.headers.get('if-none-match') === tag) {
        return new Response(null, { status: 304, headers: common });
      }
      const length = { ...common, 'Content-Length': String(Buffer.byteLength(body)) };
      return new Response(method === 'HEAD' ? null : body, { status, headers: length });
    },
  };
}

function answer(type: string, body: string, status = 200): Answer {
  return { status, type, body, tag: `"${hash('sha256', body, 'base64url').slice(0, 22)}"` };
}

/** What the reader chose on the page, else what the browser says. */
function languageOf(request: Request, url: URL): Language {
  const chosen = url.searchParams.get('lang');
  return chosen === 'en' || chosen === 'zh' ? chosen : acceptedLanguage(request.headers.get('accept-language'), 'en');
}
