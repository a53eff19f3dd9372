/** How pages of the console follow the stream. */
import { type FollowOptions, follow } from './follow.ts';
import type { HubOptions } from './hub.ts';

/** Twice the heartbeat of the server: longer silence is a proxy that holds back what comes. */
export const silentMs = 30_000;

const options: FollowOptions = {
  url: '/api/v1/stream',
  silentMs,
  retryMs: 3000,
  longestRetryMs: 60_000,
  fetch: (url, init) => fetch(url, init),
};

export const followStream: HubOptions['follow'] = (hearing, signal) => follow(options, hearing, signal);
