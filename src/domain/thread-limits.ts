/** What a thread beside the main one may hold (`resourceLimits` of `node:worker_threads`). */

/**
 * Room for what a piece of work leaves behind. By default V8 gives each thread six times as much, which makes it larger than all of its
 * code and what it has in use.
 */
export const threadLimits = { maxYoungGenerationSizeMb: 8 } as const;
