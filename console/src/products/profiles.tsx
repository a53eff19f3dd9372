/** What certificates of each profile may be. */
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import styles from '../shared/cards.module.css';
import { Detail } from '../shared/detail.tsx';
import { Card, Facts } from '../shared/object.tsx';

export function Profiles() {
  const { products, orders, shared, list } = useTexts();
  const { profile: texts } = products;
  const query = useQuery({
    queryKey: ['profiles'],
    queryFn: ({ signal }) => call('profiles', 'list', {}, { signal }),
  });
  return (
    <section className={styles.section}>
      <h2>{products.profiles}</h2>
      <Detail query={query} unknown={products.profiles}>
        {({ items }) => (
          <div className={styles.cards}>
            {items.map((profile) => (
              <Card key={profile.id} title={`${profile.id} · ${profile.level.toUpperCase()}`}>
                <Facts
                  rows={[
                    [texts.validity, shared.days(profile.maxValidityDays)],
                    [texts.reuse, shared.days(profile.reuseDays)],
                    [texts.tries, shared.days(profile.validationDays)],
                    [texts.keys, profile.keyKinds.join(', ')],
                    [texts.methods, profile.methods.map((method) => orders.methods[method]).join(', ')],
                    [texts.publicLike, profile.isPublicLike ? list.yes : list.no],
                    [texts.suffix, profile.requiresKnownSuffix ? list.yes : list.no],
                  ]}
                />
              </Card>
            ))}
          </div>
        )}
      </Detail>
    </section>
  );
}
