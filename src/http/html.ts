/** What the pages that the server writes itself share: escaping, colours, type. No scripts, no images, nothing from elsewhere. */
import { printable } from '../domain/printable.ts';

export const baseStyle = `
:root{color-scheme:light dark;--ink:#1b2430;--dim:#5b6675;--line:#dde2ea;--ground:#f3f5f8;--card:#fff;--main:#0b63c5;--ok:#18794e;--bad:#b42318;--note:#8a5a00}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf2;--dim:#9aa6b5;--line:#2d3644;--ground:#10151c;--card:#18202a;--main:#3b8eea;--ok:#4cc38a;--bad:#ff7b6e;--note:#e0b04d}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of others, without what would end an element or turn the direction of writing. */
export function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** A sentence of ours or of a schema, in which `code` stands in backquotes. */
export function prose(text: string): string {
  return escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

/** Paragraphs of that, parted by empty lines. */
export function paragraphs(text: string): string {
  const parts = text.split(/\n{2,}/).map((part) => part.replaceAll('\n', ' ').trim());
  return parts
    .filter((part) => part !== '')
    .map((part) => `<p>${prose(part)}</p>`)
    .join('\n');
}

/** A text whose lines stay lines: for `pre`. */
export function lines(text: string): string {
  return text.split('\n').map(escaped).join('\n');
}
