/** One organization: what certificates say of it, and what was verified. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call, type Reply } from '../api/call.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Detail } from '../shared/detail.tsx';
import { Card, Facts, Head, Lines, Page } from '../shared/object.tsx';
import type { ObjectBodyProps } from '../shared/object-page.tsx';
import { Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { OrganizationActs } from './organization-acts.tsx';
import { placeOf, Validations } from './organization-list.tsx';
import styles from './organizations.module.css';
import { categoryOf, jurisdictionOf } from './registration-fields.ts';

export type Organization = Reply<'organizations', 'show'>;

export function OrganizationBody({ reference, isPage = false }: ObjectBodyProps) {
  const { organizations } = useTexts();
  const { data: me } = useQuery(meQuery);
  const query = useQuery({
    queryKey: ['organizations', 'one', reference],
    queryFn: ({ signal }) => call('organizations', 'show', { organization: reference }, { signal }),
  });
  return (
    <Detail query={query} unknown={organizations.unknown} isPage={isPage}>
      {(organization) => (me === undefined ? null : <Shown organization={organization} me={me} isPage={isPage} />)}
    </Detail>
  );
}

interface ShownProps {
  readonly organization: Organization;
  readonly me: Me;
  readonly isPage: boolean;
}

function Shown({ organization, me, isPage }: ShownProps) {
  const texts = useTexts();
  const { organizations } = texts;
  const { facts } = organizations;
  const { details, contacts } = organization;
  const shown = (text: string | undefined) => (text === undefined ? null : visible(text));
  return (
    <Page>
      <Head
        isPage={isPage}
        title={visible(details.name)}
        chips={<Validations validations={organization.validations} />}
        acts={<OrganizationActs organization={organization} me={me} />}
      />
      <Card>
        <Facts
          rows={[
            [facts.assumedName, shown(details.assumedName)],
            [facts.unit, shown(details.unit)],
            [facts.street, visible([details.street, details.street2].filter(Boolean).join(', '))],
            [facts.place, visible(`${details.postalCode ?? ''} ${placeOf(details)}`.trim())],
            [facts.phone, shown(details.phone)],
            [facts.registrationNumber, shown(details.registrationNumber)],
            [facts.incorporatedOn, shown(details.incorporatedOn)],
            [facts.businessCategory, categoryOf(texts, details.businessCategory)],
            [facts.jurisdiction, shown(jurisdictionOf(details) || undefined)],
            [facts.organizationIdentifier, shown(details.organizationIdentifier)],
            [facts.added, <Moment key="added" at={organization.createdAt} />],
            [
              organizations.allOrders,
              may(me, 'orders.list') ? <OrderLinks key="orders" organization={organization} /> : null,
            ],
          ]}
        />
      </Card>
      <Card title={organizations.verification} isFlush>
        <Verification organization={organization} isChecked={may(me, 'organizations.verify')} />
      </Card>
      {contacts.length > 0 && (
        <Card title={organizations.contacts} isFlush>
          <Lines>
            {contacts.map((contact) => (
              <li key={`${contact.role} ${contact.number}`}>
                <span>
                  <span>{visible(`${contact.firstName} ${contact.lastName}`.trim())}</span>
                  <span className="dim">
                    {visible([contact.jobTitle, contact.email, contact.phone].filter(Boolean).join(' · '))}
                  </span>
                </span>
                <span className="dim small">{organizations.contactRoles[contact.role]}</span>
              </li>
            ))}
          </Lines>
        </Card>
      )}
    </Page>
  );
}

function OrderLinks({ organization: { number, ordersWaiting } }: Pick<ShownProps, 'organization'>) {
  const { organizations } = useTexts();
  const organization = String(number);
  return (
    <span className={styles.links}>
      {ordersWaiting > 0 && (
        <Link to="/orders" search={{ organization, turn: 'operator' }}>
          {organizations.ordersWait(ordersWaiting.toLocaleString('en'))}
        </Link>
      )}
      <Link to="/orders" search={{ organization }}>
        {organizations.views.all}
      </Link>
    </span>
  );
}

interface VerificationProps extends Pick<ShownProps, 'organization'> {
  /** It is this person who looks: what is to be looked at stands there while something waits. */
  readonly isChecked: boolean;
}

function Verification({ organization: { validations }, isChecked }: VerificationProps) {
  const texts = useTexts();
  const { organizations } = texts;
  const { facts } = organizations;
  return (
    <Lines>
      {validations.length === 0 && <li className="dim">{organizations.notAsked}</li>}
      {validations.map(({ level, state, askedAt, decidedAt, decidedBy, validUntil, note, ...found }) => (
        <li key={level}>
          <span>
            <span>
              {organizations.validation(
                organizations.levels[level],
                decidedBy === null
                  ? organizations.validations[state]
                  : organizations.decidedBy(organizations.validations[state], visible(decidedBy.name)),
              )}
            </span>
            {level === 'ev' && <Registration texts={texts} found={found} />}
            {note !== '' && <span className="dim">{visible(note)}</span>}
          </span>
          <span className="dim small">
            {decidedAt === null ? facts.asked : validUntil === null ? facts.decided : facts.until}{' '}
            <Moment at={validUntil ?? decidedAt ?? askedAt} />
          </span>
        </li>
      ))}
      {isChecked && validations.some(({ state }) => state === 'pending') && (
        <li>
          <span>
            <span>{organizations.wanted}</span>
            <ul className={styles.checklist}>
              {Object.values(organizations.checklist).map((line) => (
                <li key={line} className="dim">
                  {line}
                </li>
              ))}
            </ul>
          </span>
        </li>
      )}
    </Lines>
  );
}

interface RegistrationProps {
  readonly texts: Texts;
  readonly found: Found;
}

type Found = Pick<
  Organization['validations'][number],
  | 'registrationNumber'
  | 'businessCategory'
  | 'jurisdictionCountry'
  | 'jurisdictionState'
  | 'jurisdictionLocality'
  | 'organizationIdentifier'
>;

/** What certificates say of it, on one line. */
function Registration({ texts, found }: RegistrationProps) {
  const parts = [
    categoryOf(texts, found.businessCategory),
    jurisdictionOf(found),
    found.registrationNumber,
    found.organizationIdentifier,
  ];
  const line = parts.filter((part) => part !== null && part !== '').join(' · ');
  return line === '' ? null : <span className="dim">{visible(line)}</span>;
}
