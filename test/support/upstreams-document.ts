/**
 * docs/upstreams.md in both languages: written by hand, but for the tables of vendors, which are made from their manners. `npm run docs`
 * writes those between the comments that name them.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '../../src/domain/language.ts';
import { vendorLimits, vendorOrders, vendorSetUp } from './upstreams-tables.ts';

const tables = { 'set-up': vendorSetUp, limits: vendorLimits, orders: vendorOrders } as const;

export const upstreamsPages = { en: 'docs/upstreams.md', zh: 'docs/upstreams.zh-CN.md' } as const;

/** The page as it is, with its tables made anew. @throws {Error} where the page lacks the place of one */
export async function upstreamsDocument(language: Language): Promise<string> {
  const page = await readFile(join(import.meta.dirname, '..', '..', upstreamsPages[language]), 'utf8');
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [begin, end] = [`<!-- made: ${name} -->\n`, '<!-- end -->'];
    const from = text.indexOf(begin);
    const to = text.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`${upstreamsPages[language]} has no place for the table ${name}`);
    return `${text.slice(0, from)}${begin}\n${table(language)}\n\n${text.slice(to)}`;
  }, page);
}
