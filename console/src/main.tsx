/** Starts the console: its texts are loaded, then it is drawn. */
import { createRoot } from 'react-dom/client';
import './theme/styles.ts';
import { watchAttendance } from './api/attendance.ts';
import { createQueryClient } from './api/query-client.ts';
import { Application } from './application.tsx';
import { takeNonce } from './preferences/nonce.ts';
import { spokenLanguage } from './preferences/spoken-language.ts';
import { loadTexts } from './preferences/texts-provider.tsx';
import { createConsoleRouter } from './router.tsx';

const place = document.getElementById('console');
if (place === null) throw new Error('the page has no place for the console');
const nonce = takeNonce();
watchAttendance(window);
const texts = await loadTexts(spokenLanguage());
createRoot(place).render(
  <Application nonce={nonce} texts={texts} queries={createQueryClient()} router={createConsoleRouter()} />,
);
