/** Puts the status page into the package: a step of `npm run build`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundlePage } from './bundle';

const folder = path.join(__dirname, '..', '..', 'dist', 'monitoring', 'page');
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(folder, 'page.html'), bundlePage(path.join(__dirname, 'client')));
