/** A file over HTTPS. Whatever certificate is there will do: replacing it is what the order is for. */
import { checkFile, type FileCheck } from './file-check.ts';
import type { Finding } from './measured.ts';

export function checkHttpsFile(check: Omit<FileCheck, 'scheme'>): Promise<Finding> {
  return checkFile({ ...check, scheme: 'https' });
}
