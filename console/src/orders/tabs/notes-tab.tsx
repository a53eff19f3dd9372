/** Notes that people keep beside an order. A changed or removed one stays in its history. */
import { Button, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call, type Reply } from '../../api/call.ts';
import { type Me, may } from '../../api/me.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { ConfirmDialog } from '../../shared/confirm/confirm-dialog.tsx';
import { Failure, failureText } from '../../shared/failure.tsx';
import { Icon } from '../../shared/icons.tsx';
import { Moment } from '../../shared/time.tsx';
import { visible } from '../../shared/visible.ts';
import { visibleLines } from '../cockpit/value-list.tsx';
import { type Order, useOrderCall, useRefreshOrder } from '../order-query.ts';
import styles from './tabs.module.css';

type Note = Reply<'notes', 'list'>['items'][number];

const longestNote = 10_000;

export function NotesTab({ order, me }: { readonly order: Order; readonly me: Me }) {
  const texts = useTexts();
  const { order: words } = texts;
  const number = String(order.number);
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['order', number, 'notes'],
    queryFn: ({ signal }) => call('notes', 'list', { order: number }, { signal }),
    enabled: may(me, 'notes.list'),
  });
  const [text, write] = useState('');
  const add = useOrderCall((note: string) => call('notes', 'add', { order: number, text: note }));

  function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim() !== '' && !add.isPending) add.mutate(text.trim(), { onSuccess: () => write('') });
  }

  return (
    <section className={`card ${styles.section}`} aria-label={words.tabs.notes}>
      {may(me, 'notes.add') && (
        <form className={styles.write} onSubmit={submit}>
          <Textarea
            label={words.writeNote}
            rows={3}
            maxLength={longestNote}
            value={text}
            error={add.error === null ? undefined : failureText(add.error, texts)}
            onChange={(event) => write(event.currentTarget.value)}
          />
          <div>
            <Button type="submit" loading={add.isPending} disabled={text.trim() === ''}>
              {words.addNote}
            </Button>
          </div>
        </form>
      )}
      {error !== null && <Failure error={error} onRetry={() => void refetch()} isRetrying={isFetching} />}
      {data?.items.length === 0 && <p className={`dim ${styles.none}`}>{words.noNotes}</p>}
      <ul>
        {(data?.items ?? []).map((note) => (
          <OneNote key={note.id} note={note} order={number} me={me} />
        ))}
      </ul>
    </section>
  );
}

function OneNote({ note, order, me }: { readonly note: Note; readonly order: string; readonly me: Me }) {
  const texts = useTexts();
  const { order: words } = texts;
  const [edited, edit] = useState<string | undefined>();
  const [isRemoving, setRemoving] = useState(false);
  const refresh = useRefreshOrder();
  const change = useOrderCall((text: string) => call('notes', 'change', { order, note: String(note.number), text }));
  return (
    <li className={styles.note}>
      {edited === undefined ? (
        <p className={styles.noteText}>{visibleLines(note.text)}</p>
      ) : (
        <form
          className={styles.noteForm}
          onSubmit={(event) => {
            event.preventDefault();
            if (edited.trim() !== '') change.mutate(edited.trim(), { onSuccess: () => edit(undefined) });
          }}
        >
          <Textarea
            aria-label={words.changeNote}
            rows={3}
            maxLength={longestNote}
            value={edited}
            autoFocus
            error={change.error === null ? undefined : failureText(change.error, texts)}
            onChange={(event) => edit(event.currentTarget.value)}
          />
          <div className={styles.noteTools}>
            <Button type="submit" size="xs" loading={change.isPending}>
              {words.save}
            </Button>
            <Button size="xs" variant="default" onClick={() => edit(undefined)}>
              {texts.confirm.back}
            </Button>
          </div>
        </form>
      )}
      <div className={styles.noteFoot}>
        <span className="dim small">
          {visible(note.author.name)} · <Moment at={note.createdAt} />
          {note.changedBy !== null && note.changedAt !== null && (
            <> · {words.changedBy(visible(note.changedBy.name))}</>
          )}
        </span>
        {edited === undefined && may(me, 'notes.change') && (
          <span className={styles.noteTools}>
            <Button
              size="xs"
              variant="subtle"
              leftSection={<Icon name="pencil" size={14} />}
              onClick={() => edit(note.text)}
            >
              {words.changeNote}
            </Button>
            <Button size="xs" variant="subtle" color="gray" c="var(--ink-dim)" onClick={() => setRemoving(true)}>
              {words.removeNote}
            </Button>
          </span>
        )}
      </div>
      {isRemoving && (
        <ConfirmDialog
          title={words.removeNoteTitle}
          act={words.removeNote}
          run={() => call('notes', 'remove', { order, note: String(note.number) })}
          onDone={() => {
            setRemoving(false);
            void refresh();
          }}
          onClose={() => setRemoving(false)}
        >
          {words.removeNoteText}
        </ConfirmDialog>
      )}
    </li>
  );
}
