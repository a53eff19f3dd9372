/** Space on the disk of a folder. */
import { statfs } from 'node:fs/promises';

/** What an unprivileged process may still write. */
export async function freeBytesAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
