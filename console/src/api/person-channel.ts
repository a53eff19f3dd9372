/** Tells the other tabs of this browser who is signed in: the cookie is one for all of them, and so must be what they show. */

/** The id of the person; null: somebody signed out. */
export type Person = string | null;

const channelName = 'certmux-person';

export function announcePerson(person: Person): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage(person);
  channel.close();
}

/** Hears what other tabs say. Returns what ends it. */
export function hearPerson(heard: (person: Person) => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data === null || typeof data === 'string') heard(data);
  };
  return () => channel.close();
}
