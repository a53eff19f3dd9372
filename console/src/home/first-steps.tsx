/** On the first page until they are done: how far the first steps of the server are, and the next of them. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTexts } from '../preferences/texts-provider.tsx';
import { doneOf, useSetup } from '../welcome/setup.ts';
import styles from './home.module.css';

export function FirstSteps() {
  const { welcome } = useTexts();
  const { data } = useSetup(true);
  // A block that cannot be loaded is no reason to speak of it on Home: its page says so.
  const next = data?.steps.find(({ isDone }) => !isDone);
  if (data === undefined || next === undefined) return null;
  return (
    <section className={`card ${styles.firstSteps}`} aria-labelledby="first-steps">
      <div>
        <h2 id="first-steps">
          {welcome.title} <span className="dim">· {welcome.progress(doneOf(data), data.steps.length)}</span>
        </h2>
        <p className="dim">
          {welcome.next} {welcome.names[next.step]}
        </p>
      </div>
      <Button component={Link} to="/welcome" variant="default">
        {welcome.goOn}
      </Button>
    </section>
  );
}
