/** A file over plain HTTP. */
import { checkFile, type FileCheck } from './file-check.ts';
import type { Finding } from './measured.ts';

export function checkHttpFile(check: Omit<FileCheck, 'scheme'>): Promise<Finding> {
  return checkFile({ ...check, scheme: 'http' });
}
