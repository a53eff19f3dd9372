/**
 * The lint of lists. A list may have a hundred thousand entries in pieces: those of a piece are looked at when the piece changes, and a list
 * that is made of pieces that did not change costs no more than its frame.
 */
import type { LintFinding } from '../../domain/lint.ts';
import { DerReader } from '../der-reader.ts';
import { type LintedEntry, type LintedList, type ListParts, readEntry, readList } from './read-list.ts';
import { readOrFinding } from './read-or-finding.ts';
import { findingOf } from './rule.ts';
import { entryRules, type ListFacts, listRules, uniqueEntryRule } from './rules/list.ts';

/** What is wrong with the list but for its entries, of which only the size is looked at. */
export function lintList(
  parts: ListParts & { readonly entriesSize: number },
  facts: ListFacts,
  now: Date,
): readonly LintFinding[] {
  const list = readOrFinding((): LintedList => readList(parts, parts.entriesSize));
  if ('rule' in list) return [list];
  return listRules.flatMap((rule) => {
    const found = rule.find(list, facts, now);
    return found === undefined ? [] : [findingOf(rule, found)];
  });
}

/** What is wrong with the first entry of a piece that breaks a rule. */
export function lintEntries(piece: Uint8Array): readonly LintFinding[] {
  const reader = new DerReader(piece, 'the CRL');
  const seen = new Set<string>();
  while (!reader.isAtEnd) {
    const entry = readOrFinding((): LintedEntry => readEntry(reader));
    if ('rule' in entry) return [entry];
    const serial = entry.serial.toString('latin1');
    const findings = entryRules.flatMap((rule) => {
      const found = rule.find(entry);
      return found === undefined ? [] : [findingOf(rule, found)];
    });
    if (seen.has(serial)) findings.push(findingOf(uniqueEntryRule, entry.serial.toString('hex')));
    if (findings.length > 0) return findings;
    seen.add(serial);
  }
  return [];
}
