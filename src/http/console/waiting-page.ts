/** What `/console/` shows while the console is built, and when that failed. It loads itself again; no scripts, since there are none yet. */
import { hash } from 'node:crypto';
import type { Language } from '../../domain/language.ts';
import { consolePageTexts } from '../../domain/messages/pages/console.ts';
import { baseStyle, escaped, lines } from '../html.ts';
import type { Preferences } from './preferences.ts';

/** The build takes some seconds: the person waits for it, and should not for more. */
export const retrySeconds = 2;

const style = `${baseStyle}
main{max-width:38rem;margin:0 auto;padding:18vh 1.25rem 3rem}
h1{font-size:1.4rem;line-height:1.35;margin:0 0 .75rem}
p{margin:0 0 1rem;color:var(--dim)}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.9rem}
code{color:var(--ink)}
pre{margin:0;padding:.9rem 1rem;border:1px solid var(--line);border-radius:8px;background:var(--card);white-space:pre-wrap;overflow-wrap:anywhere;max-height:40vh;overflow:auto}
.bar{height:3px;border-radius:3px;background:var(--line);overflow:hidden;margin:0 0 1.75rem}
.bar i{display:block;width:30%;height:100%;background:var(--main);animation:run 1.6s ease-in-out infinite}
@keyframes run{from{transform:translateX(-100%)}to{transform:translateX(430%)}}
@media (prefers-reduced-motion:reduce){.bar i{animation:none;width:100%;opacity:.5}}
`;
const dark =
  ':root{color-scheme:dark;--ink:#e8ecf2;--dim:#9aa6b5;--line:#2d3644;--ground:#10151c;--card:#18202a;--main:#3b8eea}';
const light =
  ':root{color-scheme:light;--ink:#1b2430;--dim:#5b6675;--line:#dde2ea;--ground:#f3f5f8;--card:#fff;--main:#0b63c5}';
const styles = { system: style, dark: `${style}${dark}`, light: `${style}${light}` } as const;

export function waitingStyleHash({ scheme }: Preferences): `'sha256-${string}'` {
  return `'sha256-${hash('sha256', styles[scheme], 'base64')}'`;
}

/** @param failure what the build wrote; undefined while it runs */
export function waitingPage({ language, scheme }: Preferences, failure: string | undefined): string {
  return `<!doctype html>
<html lang="${tag[language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${failure === undefined ? retrySeconds : retrySeconds * 5}">
<title>certmux</title>
<style>${styles[scheme]}</style>
</head>
<body><main>
${failure === undefined ? building(language) : failed(language, failure)}
</main></body>
</html>
`;
}

const tag: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };

function building(language: Language): string {
  const text = consolePageTexts[language];
  return `<div class="bar" aria-hidden="true"><i></i></div>
<h1 role="status">${escaped(text.buildingTitle)}</h1>
<p>${escaped(text.building)}</p>`;
}

function failed(language: Language, failure: string): string {
  const text = consolePageTexts[language];
  return `<h1 role="alert">${escaped(text.failedTitle)}</h1>
<p>${text.failed.map((part, index) => (index % 2 === 0 ? escaped(part) : `<code>${escaped(part)}</code>`)).join('')}</p>
<pre tabindex="0">${lines(failure)}</pre>`;
}
