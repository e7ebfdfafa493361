/* Where everything starts. */
import './design/index.css';
import './schema/schema.css';
import { render } from 'preact';
import { App } from './app';
import { startKeys } from './lib/keys';
import { startRouter } from './lib/router';
import { startSession } from './lib/session';
import { startTheme } from './lib/theme';

startTheme();
startRouter();
startKeys();
void startSession();
render(<App />, document.getElementById('app') as HTMLElement);
