/** An API's documentation as one page of HTML, made from its OpenAPI document; and the list of all APIs. */

import { hash } from 'node:crypto';
import type { ApiDocument, ApiSecurityScheme } from '../domain/api-document.ts';
import type { Language } from '../domain/language.ts';
import { type DocsWords, docsWords } from '../domain/messages/pages/api-docs.ts';
import { type ApiCall, operationHtml } from './api-docs-operation.ts';
import { contentHtml, schemaHtml, shapeName } from './api-docs-schema.ts';
import { docsStyle } from './api-docs-style.ts';
import { escaped, paragraphs, prose } from './html.ts';

/** What the content security policy lets through: this style and nothing else. */
export const docsStyleHash = `sha256-${hash('sha256', docsStyle, 'base64')}` as const;

export const docsPath = '/api/docs';

/** One line of the index. */
export interface ApiSummary {
  readonly name: string;
  readonly document: ApiDocument;
}

interface Group {
  readonly name: string;
  readonly heading: string;
  readonly calls: readonly ApiCall[];
}

export function indexPage(apis: readonly ApiSummary[], language: Language): string {
  const words = docsWords[language];
  const cards = apis.map(({ name, document }) => {
    const [lead = ''] = document.info.description.split(/\n{2,}/);
    const count = groupsOf(document).reduce((sum, group) => sum + group.calls.length, 0);
    const href = `${docsPath}/${escaped(name)}`;
    return `<section class="card">
<h2><a href="${href}?lang=${language}">${escaped(document.info.title)}</a></h2>
<p>${prose(lead.replaceAll('\n', ' '))}</p>
<p class="dim"><code>${escaped(document.servers[0]?.url ?? '')}</code> · ${words.operations(count)} · <a href="${href}.json?lang=${language}">${words.openApi}</a></p>
</section>`;
  });
  return frame(words, words.indexTitle, {
    className: 'index',
    parts: [
      `<header>${switchHtml(words)}<h1>${words.indexTitle}</h1><p class="lead">${words.indexLead}</p></header>`,
      ...cards,
    ],
  });
}

export function unknownApiPage(language: Language): string {
  const words = docsWords[language];
  return frame(words, words.unknownTitle, {
    className: 'index',
    parts: [`<h1>${words.unknownTitle}</h1><p>${words.unknown}</p><p><a href="${docsPath}">${words.allApis}</a></p>`],
  });
}

export function apiPage({ name, document }: ApiSummary, language: Language): string {
  const words = docsWords[language];
  const groups = groupsOf(document);
  const shapes = Object.keys(document.components.schemas);
  return frame(words, `${document.info.title} API`, {
    className: 'api',
    parts: [
      contentsHtml(document, groups, words),
      '<main>',
      headerHtml({ name, document }, language),
      credentialsHtml(document, groups, words),
      ...groups.map((group) => groupHtml(group, words)),
      refusalsHtml(document['x-refusals'], words),
      shapes.length === 0 ? '' : shapesHtml(document, words),
      '</main>',
      `<a class="up" href="#contents">${words.contents} ↑</a>`,
    ],
  });
}

function groupsOf({ paths, tags }: ApiDocument): readonly Group[] {
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): ApiCall => ({ method: method.toUpperCase(), path, operation })),
  );
  return tags.map(({ name, 'x-displayName': heading }) => ({
    name,
    heading,
    calls: calls.filter(({ operation }) => operation.tags.includes(name)),
  }));
}

function headerHtml({ name, document }: ApiSummary, language: Language): string {
  const words = docsWords[language];
  const { title, version, description } = document.info;
  return `<header id="top">
${switchHtml(words)}
<p class="dim"><a href="${docsPath}?lang=${language}">${words.allApis}</a></p>
<h1>${escaped(title)}</h1>
<div class="lead">${paragraphs(description)}</div>
<dl>
<dt>${words.baseUrl}</dt><dd><code>${escaped(document.servers[0]?.url ?? '')}</code></dd>
<dt>${words.openApi}</dt><dd><a href="${docsPath}/${escaped(name)}.json?lang=${language}">${escaped(name)}.json</a></dd>
</dl>
<p class="dim">${escaped(words.version(version))}</p>
</header>`;
}

function switchHtml({ other }: DocsWords): string {
  return `<p class="switch"><a href="?lang=${other.language}" lang="${docsWords[other.language].lang}">${other.name}</a></p>`;
}

/** On a narrow screen a box at the top that opens by its own check box, since there are no scripts, and a link back to it. */
function contentsHtml(document: ApiDocument, groups: readonly Group[], words: DocsWords): string {
  const link = (href: string, text: string) => `<a href="#${escaped(href)}">${escaped(text)}</a>`;
  const parts = groups.map(({ name, heading, calls }) => {
    const entries = calls.map(({ operation }) => `<li>${link(operation.operationId, operation.summary)}</li>`);
    return `<li>${link(`group.${name}`, heading)}<ul>${entries.join('')}</ul></li>`;
  });
  const shapes = Object.keys(document.components.schemas).map((name) => `<li>${link(`shape.${name}`, name)}</li>`);
  return `<nav aria-label="${words.contents}">
<input type="checkbox" id="contents"><label for="contents">${words.contents}</label>
<div class="contents"><p class="title">${link('top', document.info.title)}</p>
<ul>
<li>${link('credentials', words.credentials)}</li>
${parts.join('\n')}
<li>${link('refusals', words.refusals)}</li>
${shapes.length === 0 ? '' : `<li>${link('shapes', words.shapes)}<ul>${shapes.join('')}</ul></li>`}
</ul></div>
</nav>`;
}

function credentialsHtml({ components }: ApiDocument, groups: readonly Group[], words: DocsWords): string {
  const schemes = Object.values(components.securitySchemes);
  const needed = groups.some(({ calls }) => calls.some(({ operation }) => operation['x-access'] === 'caller'));
  if (!needed) return '';
  const rows = schemes.map((scheme) => `<li>${schemeHtml(scheme, words)}</li>`);
  const how = rows.length === 0 ? `<p>${words.inBody}</p>` : `<ul>${rows.join('')}</ul>`;
  return `<section id="credentials"><h2>${words.credentials}</h2>${how}</section>`;
}

function schemeHtml({ type, name, in: where, description }: ApiSecurityScheme, words: DocsWords): string {
  const text = description === undefined ? '…' : prose(description);
  if (type === 'http') return `${words.header} <code>Authorization: Bearer</code> ${text}`;
  const places = { query: words.query, cookie: words.cookie, header: words.header };
  return `${places[where ?? 'header']} <code>${escaped(name ?? '')}</code>: ${text}`;
}

function groupHtml({ name, heading, calls }: Group, words: DocsWords): string {
  return `<section id="group.${escaped(name)}">
<h2>${escaped(heading)}</h2>
${calls.map((call) => operationHtml(call, words)).join('\n')}
</section>`;
}

function refusalsHtml({ content, rows }: ApiDocument['x-refusals'], words: DocsWords): string {
  const bodies = contentHtml(content, { words, direction: 'received' });
  const rowsHtml = rows.map(
    ({ status, shows, meanings }) =>
      `<tr><td>${status}</td><td>${prose(shows)}</td><td>${meaningsHtml(meanings)}</td></tr>`,
  );
  const head = words.refusalColumns.map((column) => `<th scope="col">${column}</th>`).join('');
  return `<section id="refusals"><h2>${words.refusals}</h2>
${bodies.map(({ type, html }) => `<div class="refusal">${html}<span class="media">${type}</span></div>`).join('')}
<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rowsHtml.join('\n')}</tbody></table></div></section>`;
}

function meaningsHtml(meanings: readonly string[]): string {
  const [only = ''] = meanings;
  return meanings.length < 2 ? prose(only) : `<ul>${meanings.map((one) => `<li>${prose(one)}</li>`).join('')}</ul>`;
}

function shapesHtml(document: ApiDocument, words: DocsWords): string {
  const sent = shapesSent(document);
  const parts = Object.entries(document.components.schemas).map(([name, schema]) => {
    const id = `shape.${escaped(name)}`;
    const about = typeof schema.description === 'string' ? `<p>${prose(schema.description)}</p>` : '';
    const body = schemaHtml(schema, { words, direction: sent.has(name) ? 'sent' : 'received' });
    return `<article id="${id}"><h3><a href="#${id}">${escaped(name)}</a></h3>${about}${body}</article>`;
  });
  return `<section id="shapes"><h2>${words.shapes}</h2>${parts.join('\n')}</section>`;
}

/** The shared schemas that requests refer to, directly or through others. */
function shapesSent({ paths, components }: ApiDocument): ReadonlySet<string> {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const waiting = operations.flatMap(({ parameters, requestBody }) => referencesIn([parameters, requestBody]));
  const found = new Set<string>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    waiting.push(...referencesIn(components.schemas[name]));
  }
  return found;
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [shapeName(value.$ref)] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

function frame(
  words: DocsWords,
  title: string,
  body: { readonly className: string; readonly parts: readonly string[] },
) {
  return `<!doctype html>
<html lang="${words.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${docsStyle}</style>
</head>
<body class="${body.className}">
${body.parts.filter((part) => part !== '').join('\n')}
</body>
</html>
`;
}
