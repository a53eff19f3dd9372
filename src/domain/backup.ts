/** The last backup that certmux made itself, as a setting of the installation: `{ at }` in ISO form. */
export const lastBackupKey = 'lastBackup';

/** Undefined where certmux never made one: others may be made otherwise. */
export function lastBackupOf(kept: unknown): Date | undefined {
  const isKept = typeof kept === 'object' && kept !== null && 'at' in kept;
  const at = isKept && typeof kept.at === 'string' ? new Date(kept.at) : undefined;
  return at === undefined || Number.isNaN(at.getTime()) ? undefined : at;
}
