/** Challenges of upstreams that `dcv_info` can show: it names record, file and mailbox in full. */
import type { RelayDoor } from '../../domain/relay.ts';

export const relayDoor: RelayDoor = {
  methods: ['dnsCname', 'httpFile', 'httpsFile', 'dnsTxt', 'email'],
  showsDelegation: true,
  shows: () => true,
};
