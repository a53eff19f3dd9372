/**
 * A new order on one page: what is ordered at the left, what it costs and waits for beside it, by a dry run of the API while somebody types. What the API
 * would refuse stands at its field before anything is sent.
 */

import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { call } from '../api/call.ts';
import { meQuery } from '../api/me.ts';
import { Problem } from '../api/problem.ts';
import { lacksValue } from '../custom-fields/custom-inputs.tsx';
import { useCustomFields } from '../custom-fields/use-custom-fields.ts';
import { useChosenAccount } from '../frame/chosen-account.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { useAfterAct } from '../shared/act/after-act.ts';
import { useAct } from '../shared/confirm/use-act.ts';
import { wordsOf } from '../shared/failure.tsx';
import { Icon } from '../shared/icons.tsx';
import { usePageTitle } from '../shared/page-title.ts';
import { type Draft, emptyDraft, inputOf, type OrderInput } from './form.ts';
import styles from './new-order.module.css';
import { OrderFields } from './order-fields.tsx';
import { Quote } from './quote.tsx';
import { useDraftLike } from './use-draft-like.ts';

const pauseMs = 500;

export function NewOrderPage() {
  return (
    <Needs operation="orders.place">
      <Begun />
    </Needs>
  );
}

/** An empty form, or one that is filled like an order that there was. */
function Begun() {
  const { shared } = useTexts();
  const { again } = useSearch({ strict: false });
  const account = useChosenAccount() ?? '';
  const { draft, error } = useDraftLike(again);
  if (again === undefined || error !== null) return <NewOrder first={{ ...emptyDraft, account }} />;
  if (draft === undefined) return <p className="dim">{shared.loading}</p>;
  return <NewOrder key={again} first={draft} />;
}

function NewOrder({ first }: { readonly first: Draft }) {
  const texts = useTexts();
  const { newOrder } = texts;
  usePageTitle(newOrder.title);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const afterAct = useAfterAct();
  const { data: me } = useQuery(meQuery);
  const { data: products } = useQuery({
    queryKey: ['products'],
    queryFn: ({ signal }) => call('products', 'list', {}, { signal }),
  });
  const [draft, setDraft] = useState<Draft>(first);
  const [touched, touch] = useState<ReadonlySet<string>>(new Set());
  const [wasSent, setSent] = useState(false);
  const [isOrdered, setOrdered] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const forSale = products?.items.filter(({ isForSale }) => isForSale) ?? [];
  const product = forSale.find(({ productCode }) => productCode === draft.productCode) ?? forSale[0];
  const needsAccount = me !== undefined && me.account === null;
  const forWhom = draft.account.trim();
  // A number that is being typed is, digit by digit, those of others.
  const [settled] = useDebouncedValue(forWhom, pauseMs);
  const fields = useCustomFields(me === undefined || (needsAccount && settled === '') ? undefined : settled || null);
  const input = needsAccount && forWhom === '' ? null : inputOf(draft, product, fields);
  const lacks = lacksValue(fields, draft.customFields);

  const { act, forget, isSending, failure } = useAct({
    isGuarded: false,
    run: ({ idempotencyKey }) => {
      if (input === null) throw new Error('there is nothing to order yet');
      // Answered after the order, it would tell of a balance and a reference that the order has used up.
      void queries.cancelQueries({ queryKey: ['dryRun'] });
      return call('orders', 'place', input, { idempotencyKey });
    },
    onDone: ({ number }) => {
      setOrdered(true);
      void afterAct(['orders']);
      void navigate({ to: '/orders/$order', params: { order: String(number) } });
    },
  });

  // Before what must be filled in is, the API could only say that it is not.
  const dryRun = useDryRun(lacks ? null : input, isSending || isOrdered);
  const refusal = failure ?? dryRun.error;
  const missing = wasSent && input === null ? missingOf(draft, needsAccount, newOrder) : {};
  const errors = refusal instanceof Problem ? refusal.fields : [];
  // While somebody has not come to a field yet, nothing is wrong with it.
  const isShown = (field: string) => wasSent || touched.has(field);
  const errorOf = (field: string) =>
    missing[field] ??
    (isShown(field)
      ? errors.find((one) => one.field === field || one.field.startsWith(`${field}.`))?.detail
      : undefined);
  const isPlaced = errors.some(({ field }) => knownFields.has(field.split('.')[0] ?? ''));

  function change(changes: Partial<Draft>) {
    forget();
    setDraft((before) => ({ ...before, ...changes }));
    touch((before) => new Set([...before, ...Object.keys(changes)]));
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    setSent(true);
    if (input === null || lacks) {
      const missing = input === null ? '[data-first]' : '[aria-required=true]';
      const inputs = form.current?.querySelectorAll<HTMLInputElement>(missing) ?? [];
      [...inputs].find(({ value }) => value.trim() === '')?.focus();
      return;
    }
    void act('');
  }

  return (
    <>
      <Link to="/orders" className={styles.back}>
        <Icon name="back" size={16} />
        {texts.orders.title}
      </Link>
      <h1 className={styles.title}>{newOrder.title}</h1>
      <form ref={form} className={styles.columns} onSubmit={submit} noValidate>
        <OrderFields
          draft={draft}
          onChange={change}
          errorOf={errorOf}
          products={forSale}
          product={product}
          needsAccount={needsAccount}
          settledAccount={settled}
          customFields={fields}
          isChecked={wasSent}
        />
        <aside className={styles.side}>
          <Quote dryRun={dryRun.data} isAsking={dryRun.isFetching} product={product} draft={draft} />
          <div role="alert">
            {refusal !== null && refusal !== undefined && !(isPlaced && failure === undefined) && (
              <p className={styles.refusal}>
                <Icon name="alert" />
                <span>{wordsOf(refusal, texts)}</span>
              </p>
            )}
          </div>
          <Button type="submit" size="md" fullWidth loading={isSending}>
            {newOrder.place}
          </Button>
        </aside>
      </form>
    </>
  );
}

/** Fields that show what is wrong with them; all else stands beside the button. */
const knownFields = new Set([
  'account',
  'productCode',
  'names',
  'csr',
  'method',
  'periods',
  'organization',
  'container',
  'reference',
  'comments',
  'customFields',
]);

/** What the API says of the order as it stands, once the typing pauses; not while it is placed. */
function useDryRun(input: OrderInput | null, isPlacing: boolean) {
  const [asked] = useDebouncedValue(input === null ? null : JSON.stringify(input), pauseMs);
  const query = useQuery({
    queryKey: ['dryRun', asked],
    queryFn: ({ signal }) => call('orders', 'dryRun', JSON.parse(asked ?? '{}') as OrderInput, { signal }),
    enabled: asked !== null && !isPlacing,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const isNow = input !== null && asked === JSON.stringify(input);
  return {
    data: input === null || query.error !== null ? undefined : query.data,
    error: isNow ? query.error : null,
    isFetching: query.isFetching || !isNow,
  } as const;
}

function missingOf(
  { account, names, csr }: Draft,
  needsAccount: boolean,
  words: { readonly missingAccount: string; readonly missingNames: string },
): Readonly<Record<string, string>> {
  return {
    ...(needsAccount && account.trim() === '' ? { account: words.missingAccount } : {}),
    ...(names.trim() === '' && csr.trim() === '' ? { names: words.missingNames } : {}),
  };
}
