/** Bytes that cannot be read are a finding, the only one there can be. */
import { CertError } from '../../domain/errors.ts';
import type { LintFinding } from '../../domain/lint.ts';
import { findingOf } from './rule.ts';
import { derRule } from './rules/basics.ts';

export function readOrFinding<T extends object>(read: () => T): T | LintFinding {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof CertError && thrown.reason.key === 'derMalformed') {
      return findingOf(derRule, `@${thrown.reason.params.offset}`);
    }
    throw thrown;
  }
}
