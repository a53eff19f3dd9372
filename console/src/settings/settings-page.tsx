/** What a person chooses for themselves, where they are signed in, and what the server is set to. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { knownZones } from '../preferences/shown-zone.ts';
import { useSpoken, useTexts } from '../preferences/texts-provider.tsx';
import { listOf, textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { Card, Facts, Head, Page } from '../shared/object.tsx';
import { usePageTitle } from '../shared/page-title.ts';
import { visible } from '../shared/visible.ts';
import { SessionsCard } from '../users/sessions-card.tsx';
import { KeysCard } from './keys-card.tsx';
import { ServerCards } from './server-cards.tsx';

export function SettingsPage() {
  const { settings } = useTexts();
  const { data: me } = useQuery(meQuery);
  usePageTitle(settings.title);
  if (me === undefined) return null;
  return (
    <Page>
      <Head isPage title={settings.title} />
      {me.user !== null && <MeCard me={me} user={me.user} />}
      {me.session !== null && <PasswordCard />}
      <KeysCard />
      {me.session !== null && <SessionsCard user={null} />}
      {may(me, 'server.show') && <ServerCards />}
    </Page>
  );
}

interface MeCardProps {
  readonly me: Me;
  readonly user: NonNullable<Me['user']>;
}

function MeCard({ me, user }: MeCardProps) {
  const { settings, users, frame } = useTexts();
  const { choose } = useSpoken();
  const language = user.language ?? 'browser';
  return (
    <Card
      title={settings.me}
      tools={
        <FormButton
          label={settings.change}
          size="xs"
          title={settings.changeTitle}
          fields={[
            {
              kind: 'one',
              name: 'language',
              label: settings.language,
              options: (['browser', 'en', 'zh'] as const).map((value) => ({
                value,
                label: settings.languages[value],
              })),
              value: language,
            },
            {
              kind: 'one',
              name: 'zone',
              label: settings.zone,
              description: settings.zoneText,
              options: [
                { value: '', label: settings.asBrowser },
                ...zonesWith(user.zone).map((value) => ({ value, label: value.replaceAll('_', ' ') })),
              ],
              value: user.zone ?? '',
            },
            {
              kind: 'several',
              name: 'mails',
              label: settings.mails,
              options: mailKinds.map((value) => ({ value, label: settings.mailKinds[value] })),
              value: wantedMails(user),
            },
          ]}
          changes={['me']}
          run={(values, options) =>
            call(
              'me',
              'change',
              {
                language: languageOf(textOf(values, 'language')),
                zone: textOf(values, 'zone') || null,
                mutedMails: mailKinds.filter((kind) => !listOf(values, 'mails').includes(kind)),
              },
              options,
            )
          }
          onDone={({ user: changed }) => {
            if (changed?.language != null) void choose(changed.language);
          }}
        />
      }
    >
      <Facts
        rows={[
          [users.columns.username, visible(user.username)],
          [users.columns.name, visible(user.name)],
          [users.columns.roles, me.roles.map((role) => frame.roles[role]).join(' · ')],
          [settings.language, settings.languages[language]],
          [settings.zone, user.zone ?? settings.asBrowser],
          [
            settings.mails,
            wantedMails(user)
              .map((kind) => settings.mailKinds[kind])
              .join(' · '),
          ],
        ]}
      />
    </Card>
  );
}

/** What somebody may be written to about, as the API calls it. */
const mailKinds = ['approvals', 'balance'] as const satisfies readonly MeCardProps['user']['mutedMails'][number][];

function wantedMails({ mutedMails }: MeCardProps['user']) {
  return mailKinds.filter((kind) => !mutedMails.includes(kind));
}

/** The one that was chosen elsewhere may be none that this browser lists. */
function zonesWith(chosen: string | null): readonly string[] {
  const zones = knownZones();
  return chosen === null || zones.includes(chosen) ? zones : [chosen, ...zones];
}

function languageOf(value: string): 'en' | 'zh' | null {
  return value === 'en' || value === 'zh' ? value : null;
}

function PasswordCard() {
  const { settings } = useTexts();
  const queries = useQueryClient();
  return (
    <Card
      title={settings.password}
      tools={
        <FormButton
          label={settings.changePassword}
          size="xs"
          title={settings.changePassword}
          text={settings.passwordText}
          fields={[
            { kind: 'password', name: 'present', label: settings.present, isRequired: true },
            {
              kind: 'password',
              name: 'password',
              label: settings.next,
              description: settings.nextText,
              isRequired: true,
            },
          ]}
          changes={[]}
          run={({ present = '', password = '' }, options) =>
            // As they were typed: blanks count.
            call('passwords', 'change', { present: String(present), password: String(password) }, options)
          }
          // Every session has ended: signing in again is over the page.
          onDone={() => void queries.invalidateQueries()}
        />
      }
    >
      <p className="dim">{settings.passwordText}</p>
    </Card>
  );
}
