/**
 * CPU time of this process so far, milliseconds. For tests that an input cannot cost out of proportion: unlike the clock on
 * the wall it does not run on while other processes have the processor.
 */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
